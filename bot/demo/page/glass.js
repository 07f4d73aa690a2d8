// @ts-check
/** «За стеклом»: four tabs on what happens behind the phones, asked for only while looked at. */

import { api } from "./api.js";
import { el } from "./dom.js";
import { Calls } from "./glass-calls.js";
import { Mail } from "./glass-mail.js";
import { Outbox } from "./glass-outbox.js";
import { Steps } from "./glass-steps.js";
import { keep, recall } from "./memory.js";
import { briefly } from "./people.js";
import { label, language } from "./words.js";

/** @typedef {import("./people.js").Person} Person */

const EVERY_MS = 1000;
const TABS = [
  { name: "outbox", key: "page-tab-outbox" },
  { name: "steps", key: "page-tab-steps" },
  { name: "mail", key: "page-tab-mail" },
  { name: "calls", key: "page-tab-calls" },
];

export class Glass {
  /** @type {Map<string, {tab: HTMLElement, pane: HTMLElement}>} */
  #tabs = new Map();
  #isAsking = false;
  /** @type {{person: string, told: any} | null} */
  #told = null;
  /** Whose rows: "" is everybody's. */
  #whose = "";

  /**
   * @param {HTMLElement} root
   * @param {{world: import("./feed.js").World, clock: import("./clock.js").Clock, roster: import("./people.js").Roster, people: () => Person[], focused: () => Person | null, isOpen: () => boolean, onTold: (person: string, told: any) => void}} how
   *   `people` are those on the phones, `focused` the one whose phone was used last
   */
  constructor(root, how) {
    this.how = how;
    this.outbox = new Outbox(how);
    this.steps = new Steps(how);
    this.mail = new Mail(how);
    this.calls = new Calls(how);
    this.whose = el("div", { class: "whose", role: "group", tLabel: "page-whose" });
    const panes = { outbox: this.outbox, steps: this.steps, mail: this.mail, calls: this.calls };
    const bar = el("div", {
      class: "tabs",
      role: "tablist",
      tLabel: "page-glass",
      on: { keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) },
    });
    root.append(bar, this.whose);
    for (const { name, key } of TABS) {
      const tab = el("button", {
        type: "button",
        class: "tab",
        role: "tab",
        id: `tab-${name}`,
        "aria-controls": `pane-${name}`,
        t: key,
        on: { click: () => this.choose(name) },
      });
      const pane = el(
        "div",
        {
          class: "pane",
          role: "tabpanel",
          id: `pane-${name}`,
          "aria-labelledby": `tab-${name}`,
          tabindex: "0",
        },
        panes[/** @type {keyof typeof panes} */ (name)].root,
      );
      this.#tabs.set(name, { tab, pane });
      bar.append(tab);
      root.append(pane);
    }
    const kept = recall("tab") ?? "";
    this.current = this.#tabs.has(kept) ? kept : "outbox";
    this.choose(this.current);
    setInterval(() => void this.look(), EVERY_MS);
  }

  /** @param {string} name @param {{focus?: boolean}} [how] */
  choose(name, { focus = false } = {}) {
    this.current = name;
    keep("tab", name);
    for (const [other, { tab, pane }] of this.#tabs) {
      tab.setAttribute("aria-selected", String(other === name));
      tab.tabIndex = other === name ? 0 : -1;
      pane.hidden = other !== name;
    }
    if (focus) this.#tabs.get(name)?.tab.focus();
    this.drawWhose();
    void this.look();
  }

  /** The people on the phones are others, or the language is. */
  drawWhose() {
    const isAsked = this.current === "outbox" || this.current === "steps";
    this.whose.hidden = !isAsked;
    if (!isAsked) return;
    const people = this.how.people().filter((one, place, all) => all.indexOf(one) === place);
    if (!people.some((one) => one.id === this.#whose)) this.#whose = "";
    const chosen = this.current === "steps" ? this.#person()?.id : this.#whose;
    const buttons = people.map((person) => this.#who(person.id, shortly(person, people), chosen));
    if (this.current === "outbox") {
      buttons.unshift(this.#who("", "", chosen));
      label(buttons[0], "t", "page-whose-all");
    }
    const focused = document.activeElement?.getAttribute("data-who");
    this.whose.replaceChildren(...buttons);
    if (focused !== null) buttons.find((one) => one.dataset.who === focused)?.focus();
  }

  /** Ask for what the open tab shows, if anybody looks. */
  async look() {
    if (!this.how.isOpen() || document.hidden) return;
    if (this.current === "mail") await this.mail.news(this.how.world.letters);
    else if (this.current === "calls") await this.calls.news(this.how.world.calls);
    else await this.#ask();
  }

  relabel() {
    this.#told = null;
    this.mail.forget();
    this.drawWhose();
    void this.look();
  }

  async #ask() {
    const person = this.#person();
    if (this.#isAsking || person === null) return;
    this.#isAsking = true;
    try {
      const told = await api.glass(person.id, language());
      this.#told = { person: person.id, told };
      this.how.onTold(person.id, told);
      this.#show();
    } catch {
      // The line at the top tells that the server is away; a second later this asks again.
    } finally {
      this.#isAsking = false;
    }
  }

  #show() {
    if (this.#told === null) return;
    if (this.current === "steps") this.steps.show(this.#told.told);
    if (this.current === "outbox") {
      this.outbox.show(this.#told.told, (row) => !this.#whose || row.who_id === this.#whose);
    }
  }

  /** Whose day it is asked for: the one chosen, else the one whose phone was used last. */
  #person() {
    const people = this.how.people();
    return people.find((one) => one.id === this.#whose) ?? this.how.focused() ?? people[0] ?? null;
  }

  /** @param {string} id @param {string} name @param {string | undefined} chosen */
  #who(id, name, chosen) {
    return el(
      "button",
      {
        type: "button",
        class: "who",
        "data-who": id,
        "aria-pressed": String(id === chosen),
        dir: "auto",
        on: { click: () => this.#chooseWho(id) },
      },
      name,
    );
  }

  /** @param {string} id */
  #chooseWho(id) {
    this.#whose = id;
    this.drawWhose();
    void this.look();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const names = TABS.map((one) => one.name);
    const at = names.indexOf(this.current);
    /** @type {Record<string, number>} */
    const moves = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.choose(names[(moves[event.key] + names.length) % names.length], { focus: true });
  }
}

/** By the given name, where that is enough to tell people apart. @param {Person} person @param {Person[]} people */
function shortly(person, people) {
  const namesakes = people.filter((one) => one.first_name === person.first_name);
  return namesakes.length > 1 ? briefly(person) : person.first_name;
}
