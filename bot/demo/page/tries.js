// @ts-check
/** «Что попробовать»: eight things to do in a school day; they tick themselves and point the way. */

import { attribute, el, icon, write } from "./dom.js";
import { keep, recall } from "./memory.js";
import { label, t } from "./words.js";

/**
 * @typedef {import("./people.js").Person} Person
 * @typedef {{outbox: {who_id: string, kind: string, state: string}[], steps: {clause: string, state: string}[], enrolled: boolean}} Told
 * @typedef {{key: string, role: string, at: "phone" | "slip" | "clock", isDone: (told: Told, person: Person) => boolean}} Try
 */

/** @param {string} clause @returns {(told: Told) => boolean} */
const done = (clause) => (told) =>
  told.steps.some((one) => one.clause === clause && one.state === "done");
/** @param {string} kind @returns {(told: Told, person: Person) => boolean} */
const got = (kind) => (told, person) =>
  told.outbox.some((row) => row.kind === kind && row.who_id === person.id && row.state === "sent");

/** @type {Try[]} */
const TRIES = [
  { key: "page-try-enter", role: "student", at: "slip", isDone: (told) => told.enrolled },
  { key: "page-try-morning", role: "student", at: "clock", isDone: got("morning") },
  { key: "page-try-mail", role: "student", at: "phone", isDone: done("П1-1.3") },
  { key: "page-try-task", role: "teacher", at: "phone", isDone: done("П1-2.2") },
  { key: "page-try-work", role: "student", at: "phone", isDone: done("П1-1.5") },
  { key: "page-try-review", role: "teacher", at: "phone", isDone: done("П1-2.4") },
  { key: "page-try-digest", role: "guardian", at: "phone", isDone: got("digest") },
  { key: "page-try-answer", role: "student", at: "clock", isDone: done("П1-1.6") },
];

export class Tries {
  /** @type {Set<string>} */
  #done;
  /** @type {string | null} what the visitor has chosen to read */
  #chosen = null;
  #wasCurrent = "";

  /**
   * @param {HTMLElement} root
   * @param {{run: string, point: (at: Try["at"], role: string) => void, opener: HTMLElement}} how
   *   `run` tells one run of the demonstration from another, `opener` unfolds the list again
   */
  constructor(root, how) {
    this.how = how;
    this.root = root;
    this.#done = new Set(
      (recall(`tries.${how.run}`, sessionStorage) ?? "").split(" ").filter(Boolean),
    );
    this.items = TRIES.map((one, index) => this.#item(one, index));
    this.count = el("span", { class: "tries-count" });
    const fold = el(
      "button",
      {
        type: "button",
        class: "quiet",
        tLabel: "page-tries-fold",
        tTitle: "page-tries-fold",
        on: { click: () => this.#fold(true) },
      },
      icon("close"),
    );
    root.append(
      el("h2", {}, el("span", { t: "page-tries" }), " ", this.count),
      el("ol", {}, ...this.items.map((item) => el("li", {}, item.button))),
      fold,
    );
    how.opener.addEventListener("click", () => this.#fold(false));
    this.#fold(recall("tries") === "folded", true);
    this.draw();
  }

  /** @param {Person} person @param {Told} told */
  take(person, told) {
    const fresh = TRIES.filter(
      (one) =>
        !this.#done.has(one.key) && person.roles.includes(one.role) && one.isDone(told, person),
    );
    if (!fresh.length) return;
    for (const one of fresh) this.#done.add(one.key);
    if (this.#chosen && this.#done.has(this.#chosen)) this.#chosen = null;
    keep(`tries.${this.how.run}`, [...this.#done].join(" "), sessionStorage);
    this.draw();
  }

  draw() {
    const current = this.#chosen ?? TRIES.find((one) => !this.#done.has(one.key))?.key ?? "";
    for (const { button, mark, state, number, one } of this.items) {
      const isDone = this.#done.has(one.key);
      button.classList.toggle("is-done", isDone);
      attribute(button, "aria-current", one.key === current ? "step" : null);
      if (isDone) mark.replaceChildren(icon("check"));
      else write(mark, String(number));
      label(state, "t", isDone ? "page-try-done" : "page-try-open");
    }
    const told = t("page-tries-count", { done: this.#done.size, all: TRIES.length });
    write(this.count, told);
    write(/** @type {Element} */ (this.how.opener.querySelector(".tries-count")), told);
    this.root.classList.toggle("is-over", this.#done.size === TRIES.length);
    if (current !== this.#wasCurrent)
      this.items
        .find(({ one }) => one.key === current)
        ?.button.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#wasCurrent = current;
  }

  /** @param {Try} one @param {number} index */
  #item(one, index) {
    const mark = el("span", { class: "try-mark", "aria-hidden": "true" });
    const state = el("span", { class: "unseen" });
    const button = el(
      "button",
      { type: "button", class: "try", tTitle: one.key, on: { click: () => this.#press(one) } },
      mark,
      el("span", { class: "try-text", t: one.key }),
      state,
    );
    return { button, mark, state, number: index + 1, one };
  }

  /** @param {Try} one */
  #press(one) {
    this.#chosen = one.key;
    this.draw();
    this.how.point(one.at, one.role);
  }

  /** @param {boolean} isFolded @param {boolean} [isFirst] */
  #fold(isFolded, isFirst = false) {
    this.root.hidden = isFolded;
    this.how.opener.hidden = !isFolded;
    if (isFirst) return;
    keep("tries", isFolded ? "folded" : "open");
    if (isFolded) this.how.opener.focus();
    else this.items[0].button.focus();
  }
}
