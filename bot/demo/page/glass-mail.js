// @ts-check
/** «Почта»: the letters that the school's mail server received, as plain text. */

import { api } from "./api.js";
import { el } from "./dom.js";
import { tellError } from "./notices.js";
import { Rows } from "./rows.js";

/** @typedef {{seq: number, at: string, sender: string, recipients: string[], subject: string, text: string, attachments: {name: string, size: number}[]}} Letter */

const MOST = 300;

export class Mail {
  /** @type {Letter[]} newest first */
  #letters = [];
  #isAsking = false;
  /** @type {number | null} */
  #chosen = null;

  /** @param {{clock: import("./clock.js").Clock}} how */
  constructor(how) {
    this.how = how;
    this.list = el("ul", { class: "letters", tLabel: "page-tab-mail" });
    this.none = el("p", { class: "nothing", t: "page-mail-none" });
    this.body = el("article", {
      class: "letter",
      hidden: true,
      tabindex: "-1",
      tLabel: "page-letter",
    });
    this.root = el("div", { class: "pane-in" }, this.none, this.list, this.body);
    this.rows = new Rows(this.list, {
      key: (/** @type {Letter} */ one) => String(one.seq),
      make: (one) => this.#make(one),
      fill: () => undefined,
    });
  }

  /** Fetch what is new. @param {number} last the number of the last letter, as the feed tells */
  async news(last) {
    const known = this.#letters[0]?.seq ?? 0;
    if (this.#isAsking || last === known) return;
    if (last < known) this.forget();
    this.#isAsking = true;
    try {
      const { letters } = await api.letters(this.#letters[0]?.seq ?? 0);
      this.#letters = [...letters.reverse(), ...this.#letters].slice(0, MOST);
      this.none.hidden = this.#letters.length > 0;
      this.rows.show(this.#letters);
    } catch (error) {
      tellError(error);
    } finally {
      this.#isAsking = false;
    }
  }

  /** Forget the letters: the times on them are told in another language, or they are gone. */
  forget() {
    this.#letters = [];
    this.rows.clear();
    this.#open(null);
  }

  /** @param {Letter} letter */
  #make(letter) {
    const button = el(
      "button",
      { type: "button", class: "letter-open", "data-seq": letter.seq, "aria-pressed": "false" },
      el("span", { class: "letter-to", dir: "auto" }, letter.recipients.join(", ")),
      el("time", { class: "out-when" }, this.#time(letter)),
      el("span", { class: "letter-subject", dir: "auto" }, letter.subject),
    );
    button.addEventListener("click", () => this.#open(this.#chosen === letter.seq ? null : letter));
    return el("li", {}, button);
  }

  /** @param {Letter | null} letter */
  #open(letter) {
    this.#chosen = letter?.seq ?? null;
    for (const one of this.list.querySelectorAll("button")) {
      one.setAttribute("aria-pressed", String(one.dataset.seq === String(this.#chosen)));
    }
    this.body.hidden = letter === null;
    if (letter === null) return;
    const facts = [
      ["page-letter-from", letter.sender],
      ["page-letter-to", letter.recipients.join(", ")],
      ["page-letter-at", this.#time(letter)],
    ];
    if (letter.attachments.length)
      facts.push(["page-letter-files", letter.attachments.map((one) => one.name).join(", ")]);
    this.body.replaceChildren(
      el("h3", { dir: "auto" }, letter.subject),
      el(
        "dl",
        {},
        ...facts.flatMap(([key, text]) => [el("dt", { t: key }), el("dd", { dir: "auto" }, text)]),
      ),
      el("pre", { class: "letter-text", dir: "auto" }, letter.text),
    );
    this.body.scrollTop = 0;
    this.body.focus({ preventScroll: true });
  }

  /** @param {Letter} letter */
  #time({ at }) {
    const { clock } = this.how;
    return `${clock.shortDay(Date.parse(at))}, ${clock.shortTime(Date.parse(at))}`;
  }
}
