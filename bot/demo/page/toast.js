// @ts-check
/** What the messenger says over the chat: a line that goes by itself, or a box to be closed. */

import { el, write } from "./dom.js";

const SHOWN_MS = 4000;
const SHOWN_WITH_ACT_MS = 12_000;

export class Toast {
  /** @param {() => Array<HTMLElement>} beneath what a box keeps from being used */
  constructor(beneath) {
    this.beneath = beneath;
    this.timer = 0;
    /** @type {HTMLElement | null} what was in use before a box was shown */
    this.from = null;
    this.words = el("span", { class: "ph-toast-words", dir: "auto" });
    this.act = el("button", { type: "button", class: "ph-toast-act", hidden: true });
    this.line = el("div", { class: "ph-toast", role: "status" }, this.words, this.act);
    this.text = el("p", { class: "ph-alert-text", dir: "auto" });
    this.close = el("button", {
      type: "button",
      class: "ph-alert-close",
      t: "page-phone-understood",
      on: { click: () => this.#closeBox() },
    });
    this.box = el(
      "div",
      {
        class: "ph-alert",
        hidden: true,
        on: { keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) },
      },
      el(
        "div",
        {
          class: "ph-alert-box",
          role: "alertdialog",
          "aria-modal": "true",
          tLabel: "page-phone-alert",
        },
        this.text,
        this.close,
      ),
    );
  }

  /**
   * Shows a line for a while.
   * @param {string} text
   * @param {{words: string, act: () => unknown}} [offer] a button beside it
   */
  show(text, offer) {
    clearTimeout(this.timer);
    write(this.words, text);
    this.act.hidden = !offer;
    if (offer) {
      write(this.act, offer.words);
      this.act.onclick = () => {
        this.hide();
        offer.act();
      };
    }
    this.line.classList.add("ph-shown");
    this.timer = setTimeout(() => this.hide(), offer ? SHOWN_WITH_ACT_MS : SHOWN_MS);
  }

  hide() {
    clearTimeout(this.timer);
    this.line.classList.remove("ph-shown");
    write(this.words, "");
    this.act.hidden = true;
  }

  /** Shows a box that stays until it is closed. @param {string} text */
  alert(text) {
    this.hide();
    this.from = /** @type {HTMLElement | null} */ (document.activeElement);
    write(this.text, text);
    this.box.hidden = false;
    for (const part of this.beneath()) part.inert = true;
    this.close.focus();
  }

  /** Takes away whatever is shown. */
  clear() {
    this.hide();
    if (!this.box.hidden) this.#closeBox();
  }

  #closeBox() {
    this.box.hidden = true;
    for (const part of this.beneath()) part.inert = false;
    if (this.from?.isConnected) this.from.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.#closeBox();
  }
}
