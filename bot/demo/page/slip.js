// @ts-check
/** The slip of paper: whose it is, the activation code, and the two ways to use it. */

import { el, icon } from "./dom.js";
import { codeGroups } from "./people.js";
import { label } from "./words.js";

/** @typedef {import("./people.js").Person} Person */

export class Slip {
  #isUsed = false;
  #isStarted = true;
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
    this.used = el("p", { class: "slip-used", t: "page-slip-used" });
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
    this.#isUsed = false;
    this.#wanted = null;
    this.#draw();
  }

  /** A code works once: the slip of somebody who is in folds away. @param {boolean} isUsed */
  setUsed(isUsed) {
    if (isUsed === this.#isUsed) return;
    this.#isUsed = isUsed;
    this.#wanted = null;
    this.#draw();
  }

  /** Somebody who is in, but not on this messenger, reads what to do. @param {boolean} isStarted */
  setStarted(isStarted) {
    this.#isStarted = isStarted;
    this.#draw();
  }

  /** @param {boolean} isShown */
  #toggle(isShown) {
    this.#wanted = isShown;
    this.#draw();
    (isShown ? this.fold : this.opener).focus();
  }

  #draw() {
    const isShown = this.code !== "" && (this.#wanted ?? !(this.#isUsed && this.#isStarted));
    this.paper.hidden = !isShown;
    this.opener.hidden = this.code === "" || isShown;
    this.opener.setAttribute("aria-expanded", String(isShown));
    this.paper.classList.toggle("is-used", this.#isUsed);
    this.used.hidden = !this.#isUsed;
    this.link.parentElement.hidden = this.#isUsed;
    label(this.title, "t", this.#isUsed ? "page-slip-spent" : "page-slip");
  }
}
