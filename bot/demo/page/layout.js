// @ts-check
/** What stands where: the light, the fold of the glass, and one room at a time on a small screen. */

import { attribute, byId, el, icon, write } from "./dom.js";
import { keep, recall } from "./memory.js";
import { initials, leadingRole } from "./people.js";
import { setBadge } from "./picker.js";
import { label } from "./words.js";

const SMALL = matchMedia("(max-width: 859.98px)");
const DOCKED = matchMedia("(min-width: 1200px)");
const DARK = matchMedia("(prefers-color-scheme: dark)");

export class Layout {
  /** @type {{view: string, button: HTMLElement, words: HTMLElement, sign: HTMLElement, badge: HTMLElement}[]} */
  #tabs = [];

  /**
   * @param {{onView: () => void}} how
   */
  constructor(how) {
    this.how = how;
    this.glass = byId("glass");
    this.glassButton = byId("glass-button");
    this.view = "slot-1";
    this.#bar();
    this.show("slot-1");
    this.glassButton.addEventListener("click", () => this.openGlass(!this.isGlassOpen));
    byId("glass-close").addEventListener("click", () => {
      this.openGlass(false);
      this.glassButton.focus();
    });
    this.openGlass(recall("glass") === "open" && DOCKED.matches, false);
    document.addEventListener("keydown", (event) => {
      const isOver = this.isGlassOpen && !DOCKED.matches && !SMALL.matches;
      if (event.key !== "Escape" || event.defaultPrevented || !isOver) return;
      if (document.querySelector("dialog[open]")) return;
      this.openGlass(false);
      this.glassButton.focus();
    });
    SMALL.addEventListener("change", () => this.show(this.view));
    this.#light();
  }

  get isSmall() {
    return SMALL.matches;
  }

  /** Whether anybody can see what is behind the glass. */
  get isGlassOpen() {
    return SMALL.matches ? this.view === "glass" : document.body.dataset.glass === "open";
  }

  /** @param {boolean} isOpen @param {boolean} [isKept] */
  openGlass(isOpen, isKept = true) {
    document.body.dataset.glass = isOpen ? "open" : "closed";
    attribute(this.glassButton, "aria-expanded", String(isOpen));
    if (isKept) keep("glass", isOpen ? "open" : "closed");
    if (SMALL.matches && isOpen) this.show("glass");
    this.how.onView();
  }

  /** Show one room of a small screen: "slot-1", "slot-2", "slot-3", "clock" or "glass". @param {string} view */
  show(view) {
    this.view = view;
    document.body.dataset.view = view;
    for (const tab of this.#tabs)
      attribute(tab.button, "aria-current", tab.view === view ? "true" : null);
    this.how.onView();
  }

  /** @param {number} index @param {import("./people.js").Person} person @param {number} unread */
  setPhone(index, person, unread) {
    const { words, sign, badge, button } = this.#tabs[index];
    write(words, person.first_name);
    write(sign, initials(person));
    attribute(button, "data-role", leadingRole(person));
    setBadge(badge, unread);
  }

  #bar() {
    /** @type {[string, any, string | null][]} */
    const views = [
      ["slot-1", null, null],
      ["slot-2", null, null],
      ["slot-3", null, null],
      ["clock", "clock", "page-view-clock"],
      ["glass", "glass", "page-view-glass"],
    ];
    const bar = byId("views");
    for (const [view, drawn, key] of views) {
      const sign = drawn ? icon(drawn) : el("span", { class: "face", "aria-hidden": "true" });
      const words = el("span", { class: "view-words", dir: "auto", ...(key ? { t: key } : {}) });
      const badge = el("span", { class: "badge" });
      setBadge(badge, 0);
      const button = el(
        "button",
        { type: "button", class: "view", on: { click: () => this.show(view) } },
        sign,
        badge,
        words,
      );
      this.#tabs.push({ view, button, words, sign, badge });
      bar.append(button);
    }
  }

  #light() {
    const button = byId("light");
    button.append(icon("sun"), icon("moon"));
    const root = document.documentElement;
    const draw = () => {
      const isDark = root.dataset.theme === "dark";
      for (const target of ["tLabel", "tTitle"])
        label(button, target, isDark ? "page-light" : "page-dark");
    };
    button.addEventListener("click", () => {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      keep("theme", root.dataset.theme);
      draw();
    });
    DARK.addEventListener("change", () => {
      if (recall("theme") === null) root.dataset.theme = DARK.matches ? "dark" : "light";
      draw();
    });
    draw();
  }
}
