// @ts-check
/** The search box over the roster: an editable combobox with a grouped list (WAI-ARIA APG). */

import { el, icon } from "./dom.js";
import { briefly, initials, leadingRole } from "./people.js";
import { label, t } from "./words.js";

/** @typedef {import("./people.js").Person} Person */

export class Picker {
  #open = false;
  /** @type {HTMLElement[]} */
  #options = [];
  #active = -1;

  /**
   * @param {number} number the phone's, from 1
   * @param {{roster: import("./people.js").Roster, unread: () => Record<string, number>, onPick: (person: Person) => void, elsewhere: (person: Person) => number | null}} how
   *   `elsewhere` tells on which other phone a person is
   */
  constructor(number, how) {
    this.how = how;
    this.number = number;
    /** @type {Person | null} */
    this.person = null;
    this.list = el("div", {
      class: "picker-list",
      role: "listbox",
      id: `people-${number}`,
      tLabel: "page-people",
      hidden: true,
    });
    this.input = el("input", {
      class: "picker-input",
      id: `person-${number}`,
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": `people-${number}`,
      "aria-describedby": `about-${number}`,
      tLabel: ["page-person", { number }],
      tPlaceholder: "page-person-find",
    });
    this.about = el("span", { class: "picker-about", id: `about-${number}`, dir: "auto" });
    this.face = el("span", { class: "face", "aria-hidden": "true" });
    this.root = el(
      "div",
      { class: "picker" },
      el(
        "label",
        { class: "picker-field", for: `person-${number}` },
        this.face,
        el("span", { class: "picker-words" }, this.input, this.about),
        icon("down"),
      ),
      this.list,
    );
    this.#listen();
  }

  /** @param {Person} person */
  show(person) {
    this.person = person;
    this.input.value = briefly(person);
    this.about.textContent = person.about;
    this.face.textContent = initials(person);
    this.root.dataset.role = leadingRole(person);
  }

  relabel() {
    if (this.#open) this.#fill(this.input.value);
    if (this.person) this.show(this.person);
  }

  #listen() {
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.#show(""));
    this.input.addEventListener("input", () => this.#show(this.input.value));
    this.input.addEventListener("blur", () => this.#hide());
    this.input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) =>
      this.#key(event),
    );
    // The list is pressed before the box loses the focus, and must not lose it.
    this.list.addEventListener("pointerdown", (/** @type {Event} */ event) =>
      event.preventDefault(),
    );
    this.list.addEventListener("click", (/** @type {MouseEvent} */ event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option instanceof HTMLElement) this.#pick(option);
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.#options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.#open) this.#show("");
      else if (event.key === "ArrowDown") this.#point(this.#active >= last ? 0 : this.#active + 1);
      else this.#point(this.#active <= 0 ? last : this.#active - 1);
    } else if (event.key === "Enter" && this.#open) {
      event.preventDefault();
      const chosen = this.#options[Math.max(0, this.#active)];
      if (chosen) this.#pick(chosen);
    } else if (event.key === "Escape" && this.#open) {
      event.preventDefault();
      this.#hide();
      this.input.select();
    }
  }

  /** @param {string} text */
  #show(text) {
    this.#fill(text);
    this.#open = true;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  #hide() {
    this.#open = false;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    if (this.person) this.input.value = briefly(this.person);
  }

  /** @param {string} text */
  #fill(text) {
    const groups = this.how.roster.find(text, t);
    const unread = this.how.unread();
    this.#options = [];
    this.list.replaceChildren(
      ...groups.map((group) => {
        const head = el(
          "div",
          { class: "picker-group", id: `people-${this.number}-${group.key}` },
          t(group.key),
        );
        const options = group.people.map((person) => this.#option(person, unread));
        this.#options.push(...options);
        return el("div", { role: "group", "aria-labelledby": head.id }, head, ...options);
      }),
    );
    if (!groups.length) this.list.append(el("p", { class: "picker-none" }, t("page-people-none")));
    const chosen = this.#options.findIndex((one) => one.dataset.id === this.person?.id);
    this.#point(text ? 0 : chosen);
  }

  /** @param {Person} person @param {Record<string, number>} unread */
  #option(person, unread) {
    const count = this.how.roster.unreadOf(person, unread);
    const elsewhere = this.how.elsewhere(person);
    return el(
      "div",
      {
        class: "picker-option",
        role: "option",
        id: `people-${this.number}-${person.id}`,
        "data-id": person.id,
        "aria-selected": person.id === this.person?.id ? "true" : "false",
      },
      el("span", { class: "picker-name", dir: "auto" }, person.name),
      count > 0 && badge(count),
      el("span", { class: "picker-id" }, person.id),
      el("span", { class: "picker-about", dir: "auto" }, person.about),
      elsewhere !== null &&
        el(
          "span",
          { class: "picker-elsewhere" },
          t("page-person-elsewhere", { number: elsewhere }),
        ),
    );
  }

  /** @param {number} index */
  #point(index) {
    this.#options[this.#active]?.classList.remove("is-active");
    this.#active = Math.min(index, this.#options.length - 1);
    const option = this.#options[this.#active];
    if (option) {
      option.classList.add("is-active");
      this.input.setAttribute("aria-activedescendant", option.id);
      requestAnimationFrame(() => option.scrollIntoView({ block: "nearest" }));
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  /** @param {HTMLElement} option */
  #pick(option) {
    const person = this.how.roster.byId.get(option.dataset.id ?? "");
    if (!person) return;
    this.show(person);
    this.#hide();
    this.how.onPick(person);
  }
}

/**
 * A count of what is unread, with words for whoever hears it.
 * @param {number} count
 * @returns {HTMLElement}
 */
export function badge(count) {
  const shown = el("span", { class: "badge" });
  setBadge(shown, count);
  return shown;
}

/** @param {HTMLElement} shown @param {number} count */
export function setBadge(shown, count) {
  const text = count > 99 ? "99+" : String(count);
  if (shown.firstChild?.textContent === text) return;
  shown.hidden = count === 0;
  const words = el("span", { class: "unseen" });
  label(words, "t", ["page-unread", { count }]);
  shown.replaceChildren(el("span", { "aria-hidden": "true" }, text), words);
}
