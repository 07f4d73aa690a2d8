// @ts-check
/** «Шаги»: the steps of one person's day by the clauses of the regulation. */

import { attribute, el, write } from "./dom.js";
import { Rows } from "./rows.js";
import { t } from "./words.js";

/** @typedef {{clause: string, title: string, state: string, at: string | null, by: string | null}} Step */

const STATES = /** @type {Record<string, string>} */ ({
  done: "page-step-is-done",
  open: "page-step-is-open",
  later: "page-step-is-later",
  missed: "page-step-is-missed",
  "not-asked": "page-step-is-not-asked",
});

export class Steps {
  /** @param {{clock: import("./clock.js").Clock}} how */
  constructor(how) {
    this.how = how;
    this.about = el("p", { class: "steps-about", dir: "auto" });
    this.list = el("ol", { class: "steps", tLabel: "page-tab-steps" });
    this.none = el("p", { class: "nothing", t: "page-steps-none" });
    this.root = el("div", { class: "pane-in" }, this.about, this.none, this.list);
    this.rows = new Rows(this.list, {
      key: (/** @type {Step & {key: string}} */ step) => step.key,
      make: () => this.#make(),
      fill: (row, step) => this.#fill(row, step),
    });
  }

  /** @param {{steps: Step[], about: string, enrolled: boolean}} told */
  show(told) {
    write(this.about, told.about);
    this.none.hidden = told.steps.length > 0;
    const seen = new Map();
    this.rows.show(
      told.steps.map((step) => {
        const same = `${step.clause} ${step.title}`;
        seen.set(same, (seen.get(same) ?? 0) + 1);
        return { ...step, key: `${same} ${seen.get(same)}` };
      }),
    );
  }

  #make() {
    const made = {
      clause: el("span", { class: "step-clause" }),
      title: el("span", { class: "step-title", dir: "auto" }),
      state: el("span", { class: "step-state" }),
      by: el("span", { class: "step-by", dir: "auto" }),
    };
    return Object.assign(
      el("li", { class: "step" }, made.clause, made.title, made.state, made.by),
      { made },
    );
  }

  /** @param {any} row @param {Step} step */
  #fill(row, step) {
    const { clock } = this.how;
    attribute(row, "data-state", step.state);
    write(row.made.clause, step.clause);
    write(row.made.title, step.title);
    write(row.made.state, t(STATES[step.state] ?? "page-step-is-open"));
    const time = step.at ? clock.shortTime(Date.parse(step.at)) : "";
    write(row.made.by, [time, step.by].filter(Boolean).join(" · "));
  }
}
