// @ts-check
/** The slip of paper: whose it is, the activation code and its two uses, or where somebody is in. */

import { el, icon } from "./dom.js";
import { codeGroups } from "./people.js";
import { label, t } from "./words.js";

/**
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./api.js").Messenger} Messenger
 */

const NAMES = { telegram: "page-telegram", vk: "page-vk" };

export class Slip {
  /** @type {Messenger[]} where its owner is in; the code is spent then */
  #bound = [];
  /** @type {Messenger} what is open on the phone below */
  #messenger = "telegram";
  /** @type {boolean | null} what the visitor wants, null while the page decides */
  #wanted = null;

  /**
   * @param {{onOpenLink: (code: string, button: Element) => void, onInsert: (code: string) => void}} how
   */
  constructor(how) {
    this.how = how;
    this.code = "";
    this.title = el("span", { class: "slip-title", t: "page-slip" });
    this.name = el("span", { class: "slip-name", dir: "auto" });
    this.digits = el("code", { class: "slip-code" });
    this.link = el("button", {
      type: "button",
      class: "primary",
      t: "page-slip-link",
      on: { click: () => how.onOpenLink(this.code, this.link) },
    });
    this.insert = el("button", {
      type: "button",
      t: "page-slip-insert",
      on: { click: () => how.onInsert(this.code) },
    });
    this.used = el("p", { class: "slip-used" });
    this.fold = el(
      "button",
      {
        type: "button",
        class: "quiet slip-fold",
        tLabel: "page-slip-fold",
        tTitle: "page-slip-fold",
        on: { click: () => this.#toggle(false) },
      },
      icon("close"),
    );
    this.paper = el(
      "section",
      { class: "slip", tLabel: "page-slip" },
      el("div", { class: "slip-head" }, this.title, this.name, this.fold),
      this.digits,
      el("div", { class: "slip-acts" }, this.link, this.insert),
      this.used,
    );
    this.opener = el(
      "button",
      {
        type: "button",
        class: "quiet slip-opener",
        "aria-expanded": "false",
        tLabel: "page-slip",
        tTitle: "page-slip",
        on: { click: () => this.#toggle(this.paper.hidden) },
      },
      icon("slip"),
    );
    this.#draw();
  }

  /** @param {Person} person */
  show(person) {
    this.code = person.code ?? "";
    this.name.textContent = person.name;
    this.digits.replaceChildren(...codeGroups(this.code).map((group) => el("span", {}, group)));
    this.#bound = [];
    this.#wanted = null;
    this.#draw();
  }

  /**
   * A code works once: the slip of somebody who is in here folds away, and where they are not in
   * yet it says what to do instead.
   * @param {Messenger[]} bound
   */
  setBound(bound) {
    if (bound.join() === this.#bound.join()) return;
    this.#bound = bound;
    this.#wanted = null;
    this.#draw();
  }

  /** @param {Messenger} messenger */
  setMessenger(messenger) {
    if (messenger === this.#messenger) return;
    this.#messenger = messenger;
    this.#wanted = null;
    this.#draw();
  }

  /** Names the messengers in the page's present language. */
  relabel() {
    this.#draw();
  }

  /** @param {boolean} isShown */
  #toggle(isShown) {
    this.#wanted = isShown;
    this.#draw();
    (isShown ? this.fold : this.opener).focus();
  }

  #draw() {
    const isUsed = this.#bound.length > 0;
    const isIn = this.#bound.includes(this.#messenger);
    const isShown = this.code !== "" && (this.#wanted ?? !isIn);
    this.paper.hidden = !isShown;
    this.opener.hidden = this.code === "" || isShown;
    this.opener.setAttribute("aria-expanded", String(isShown));
    this.digits.hidden = isUsed;
    this.used.hidden = !isUsed;
    this.link.parentElement.hidden = isUsed;
    const where = this.#bound.map((one) => t(NAMES[one])).join(", ");
    label(this.title, "t", isUsed ? ["page-slip-in", { where }] : "page-slip");
    label(this.used, "t", isIn ? "page-slip-spent" : ["page-slip-used", { where }]);
  }
}
