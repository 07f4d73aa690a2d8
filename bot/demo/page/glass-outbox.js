// @ts-check
/** «Исходящие»: every message on its way, its state, and why it is not there yet. */

import { attribute, el, write } from "./dom.js";
import { Rows } from "./rows.js";
import { label, t } from "./words.js";

/** @typedef {{id: number, who: string, who_id: string, about: string, title: string, lane: string, created_at: string, send_after: string, sent_at: string | null, state: string, state_title: string, why: string, attempts: number, text: string}} Row */

const COUNTED = [
  ["sent", "page-count-sent"],
  ["planned", "page-count-planned"],
  ["sending", "page-count-sending"],
  ["unknown", "page-count-unknown"],
  ["dropped", "page-count-dropped"],
  ["dead", "page-count-dead"],
];
const LANES = /** @type {Record<string, string>} */ ({
  telegram: "page-telegram",
  vk: "page-vk",
  email: "page-lane-mail",
  mail: "page-lane-mail",
});

export class Outbox {
  #last = "";

  /** @param {{clock: import("./clock.js").Clock}} how */
  constructor(how) {
    this.how = how;
    this.body = el("ul", { class: "out-rows", tLabel: "page-tab-outbox" });
    this.counts = el("p", { class: "counts" });
    this.none = el("p", { class: "nothing", t: "page-outbox-none" });
    this.root = el("div", { class: "pane-in" }, this.counts, this.none, this.body);
    this.rows = new Rows(this.body, {
      key: (/** @type {Row} */ row) => String(row.id),
      make: () => this.#make(),
      fill: (row, item) => this.#fill(row, item),
    });
  }

  /**
   * @param {{outbox: Row[], counts: Record<string, number>}} told
   * @param {(row: Row) => boolean} wanted
   */
  show(told, wanted) {
    const shown = told.outbox.filter(wanted);
    const now = JSON.stringify([shown, told.counts, t("page-outbox-none")]);
    if (now === this.#last) return;
    this.#last = now;
    this.none.hidden = shown.length > 0;
    const counted = COUNTED.filter(([state]) => told.counts[state]);
    this.counts.replaceChildren(
      ...counted.map(([state, key]) =>
        el(
          "span",
          { class: "count", "data-state": state },
          `${t(key)} `,
          el("b", {}, String(told.counts[state])),
        ),
      ),
    );
    this.rows.show(shown);
  }

  #make() {
    const made = {
      title: el("span", { class: "out-title" }),
      who: el("span", { class: "out-who", dir: "auto" }),
      state: el("span", { class: "out-state" }),
      when: el("time", { class: "out-when" }),
      why: el("span", { class: "out-why", dir: "auto" }),
      text: el("p", { class: "out-text", dir: "auto", hidden: true }),
    };
    const button = el(
      "button",
      { type: "button", class: "out-open", "aria-expanded": "false" },
      made.when,
      made.title,
      made.state,
      made.who,
      made.why,
    );
    button.addEventListener("click", () => {
      made.text.hidden = !made.text.hidden;
      button.setAttribute("aria-expanded", String(!made.text.hidden));
    });
    return Object.assign(el("li", { class: "out-row" }, button, made.text), { made });
  }

  /** @param {any} row @param {Row} item */
  #fill(row, item) {
    const { clock } = this.how;
    const at = Date.parse(
      item.sent_at ?? (item.state === "planned" ? item.send_after : item.created_at),
    );
    const isToday = clock.date(at) === clock.date(clock.now());
    attribute(row, "data-state", item.state);
    write(
      row.made.when,
      isToday ? clock.shortTime(at) : `${clock.shortDay(at)}, ${clock.shortTime(at)}`,
    );
    write(row.made.title, item.title);
    write(row.made.state, item.state_title);
    const lane = LANES[item.lane] ? t(LANES[item.lane]) : "";
    write(row.made.who, [item.who, item.about, lane].filter(Boolean).join(" · "));
    write(row.made.why, item.why);
    row.made.why.hidden = !item.why;
    if (item.text) write(row.made.text, item.text);
    else label(row.made.text, "t", "page-outbox-no-text");
  }
}
