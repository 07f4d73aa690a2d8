// @ts-check
/** The way back to the end of the chat, with the number of messages that came meanwhile. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { label, language } from "./words.js";

export class Unseen {
  /** @param {() => void} onClick */
  constructor(onClick) {
    this.count = 0;
    this.words = el("span", { class: "ph-unseen-count", hidden: true });
    this.element = el(
      "button",
      { type: "button", class: "ph-unseen", hidden: true, on: { click: onClick } },
      icon("down"),
      this.words,
    );
    this.relabel();
  }

  /** @param {number} fresh messages that came below what is being read */
  add(fresh) {
    if (!fresh) return;
    this.count += fresh;
    this.relabel();
    this.show(true);
  }

  /** Forgets the number: everything has been looked at. */
  none() {
    if (!this.count) return;
    this.count = 0;
    this.relabel();
  }

  /** @param {boolean} isOn */
  show(isOn) {
    if (this.element.hidden === isOn) this.element.hidden = !isOn;
  }

  /** Says the number in the page's language. */
  relabel() {
    const { count } = this;
    const isOne = new Intl.PluralRules(language()).select(count) === "one";
    const key = isOne ? "page-phone-unseen-one" : "page-phone-unseen-many";
    this.words.hidden = !count;
    label(this.words, "t", [key, { count }]);
    label(this.element, "tLabel", count ? ["page-phone-to-end-unseen", { count }] : "page-phone-to-end");
  }
}
