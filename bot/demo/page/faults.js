// @ts-check
/** «Неполадки»: what goes wrong at a press, and what the visitor should see when it does. */

import { api } from "./api.js";
import { attribute, el, write } from "./dom.js";
import { once, speakOut } from "./notices.js";
import { t } from "./words.js";

const SENDS = [
  "sendMessage",
  "sendPhoto",
  "sendDocument",
  "sendVoice",
  "sendAudio",
  "sendMediaGroup",
  "messages.send",
];

/**
 * @typedef {{kind: string, messenger?: "telegram" | "vk", methods?: string[], count?: number, seconds?: number}} Asked
 * @typedef {{title: string, hint: string, asked: Asked, isMail?: boolean, hasSeconds?: boolean}} Fault
 */

/** @type {Fault[]} */
const FAULTS = [
  {
    title: "page-fault-telegram",
    hint: "page-fault-down-hint",
    asked: { kind: "down", messenger: "telegram" },
  },
  {
    title: "page-fault-vk",
    hint: "page-fault-down-hint",
    asked: { kind: "down", messenger: "vk" },
  },
  {
    title: "page-fault-flood",
    hint: "page-fault-flood-hint",
    asked: { kind: "flood", methods: SENDS, seconds: 10 },
    hasSeconds: true,
  },
  { title: "page-fault-slow", hint: "page-fault-slow-hint", asked: { kind: "slow", seconds: 3 } },
  {
    title: "page-fault-lost",
    hint: "page-fault-lost-hint",
    asked: { kind: "drop_answer", methods: SENDS, count: 1 },
  },
  {
    title: "page-fault-mail",
    hint: "page-fault-mail-hint",
    asked: { kind: "temporary" },
    isMail: true,
  },
];

export class Faults {
  /** @type {{fault: Fault, control: HTMLElement, seconds: HTMLInputElement | null}[]} */
  #rows = [];
  #was = "";

  /**
   * @param {{world: import("./feed.js").World, place: HTMLElement, bar: HTMLElement, count: HTMLElement}} how
   *   `bar` is the line that says what is switched on, `count` the number at the button
   */
  constructor(how) {
    this.how = how;
    this.list = el(
      "ul",
      { class: "faults" },
      ...FAULTS.map((fault, index) => this.#row(fault, index)),
    );
    this.clear = el("button", { type: "button", t: "page-faults-clear" });
    this.clear.addEventListener("click", () => void once(this.clear, clearAll));
    how.place.append(el("h3", { t: "page-faults-network" }), this.list, this.clear);
    this.said = el("span", { class: "bar-words" });
    const clear = el("button", { type: "button", t: "page-faults-clear" });
    clear.addEventListener("click", () => void once(clear, clearAll));
    how.bar.append(this.said, clear);
    this.draw();
  }

  /** The feed told of faults, from this tab or another. */
  draw() {
    const on = this.#rows.filter(({ fault }) => this.#found(fault) !== undefined);
    for (const row of this.#rows) {
      attribute(row.control, "aria-checked", String(on.includes(row)));
    }
    const all = this.how.world.faults.length + this.how.world.mailFaults.length;
    attribute(this.clear, "aria-disabled", all === 0 ? "true" : null);
    this.how.count.hidden = all === 0;
    write(this.how.count, String(all));
    this.how.bar.hidden = all === 0;
    const names = on.map(({ fault }) => t(fault.title)).join(" · ") || t("page-faults-other");
    const told = all === 0 ? "" : t("page-faults-on", { names });
    write(this.said, told);
    if (told !== this.#was) {
      speakOut(told || t("page-faults-off"));
      this.#was = told;
    }
  }

  /** @param {Fault} fault */
  #found({ asked, isMail }) {
    if (isMail) return this.how.world.mailFaults.find((one) => one.kind === asked.kind);
    return this.how.world.faults.find(
      (one) => one.kind === asked.kind && (one.messenger ?? null) === (asked.messenger ?? null),
    );
  }

  /** @param {Fault} fault @param {number} index */
  #row(fault, index) {
    const ids = { title: `fault-${index}`, hint: `fault-${index}-hint` };
    const control = el(
      "button",
      {
        type: "button",
        class: "switch",
        role: "switch",
        "aria-checked": "false",
        "aria-labelledby": ids.title,
        "aria-describedby": ids.hint,
      },
      el("span", { class: "switch-knob" }),
    );
    const seconds = fault.hasSeconds
      ? el("input", {
          type: "number",
          class: "seconds",
          min: "1",
          max: "60",
          value: String(fault.asked.seconds),
          tLabel: "page-fault-seconds",
        })
      : null;
    const row = { fault, control, seconds };
    control.addEventListener("click", () => void once(control, () => this.#turn(row)));
    this.#rows.push(row);
    return el(
      "li",
      { class: "fault" },
      control,
      el(
        "div",
        {
          on: {
            click: (/** @type {Event} */ event) => event.target === seconds || control.click(),
          },
        },
        el(
          "span",
          { class: "fault-title" },
          el("span", { id: ids.title, t: fault.title }),
          seconds && " ",
          seconds,
          seconds && el("span", { t: "page-fault-seconds-unit" }),
        ),
        el("p", { class: "hint", id: ids.hint, t: fault.hint }),
      ),
    );
  }

  /** @param {{fault: Fault, seconds: HTMLInputElement | null}} row */
  async #turn({ fault, seconds }) {
    const found = this.#found(fault);
    if (fault.isMail) {
      await (found ? api.clearMailFaults() : api.setMailFault(fault.asked));
    } else if (found) {
      await api.clearFault(found.id);
    } else {
      const wanted = seconds
        ? { seconds: Math.min(60, Math.max(1, Number(seconds.value) || 10)) }
        : {};
      await api.setFault({ ...fault.asked, ...wanted });
    }
  }
}

async function clearAll() {
  await Promise.all([api.clearFaults(), api.clearMailFaults()]);
}
