// @ts-check
/** A menu that a button opens: arrows walk in it, Escape closes it and returns to the button. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { Popover } from "./popover.js";

/**
 * @typedef {{words: string, icon: any, act: () => unknown, when?: () => boolean}} Item
 *   `when` hides an item that makes no sense at the moment
 */

export class Menu {
  /**
   * @param {HTMLElement} button
   * @param {{id: string, words: string, items: Array<Item>}} how
   */
  constructor(button, { id, words, items }) {
    this.items = items.map((item) => ({
      item,
      node: el(
        "button",
        {
          type: "button",
          class: "ph-menu-item",
          role: "menuitem",
          tabindex: "-1",
          on: { click: () => this.#choose(item) },
        },
        icon(item.icon),
        el("span", { t: item.words }),
      ),
    }));
    this.element = el(
      "div",
      {
        class: "ph-menu",
        id,
        role: "menu",
        tLabel: words,
        on: { keydown: (/** @type {KeyboardEvent} */ event) => this.#walk(event) },
      },
      ...this.items.map(({ node }) => node),
    );
    button.setAttribute("aria-haspopup", "menu");
    this.popover = new Popover(button, this.element, { onOpen: () => this.#opened() });
  }

  #opened() {
    for (const { item, node } of this.items) {
      node.hidden = item.when ? !item.when() : false;
      node.toggleAttribute("data-first", false);
    }
    this.#shown()[0]?.toggleAttribute("data-first", true);
  }

  /** @returns {Array<HTMLElement>} */
  #shown() {
    return this.items.map(({ node }) => node).filter((node) => !node.hidden);
  }

  /** @param {Item} item */
  #choose(item) {
    this.popover.close({ back: true });
    item.act();
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const shown = this.#shown();
    const at = shown.indexOf(/** @type {any} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    shown[(to + shown.length) % shown.length]?.focus();
  }
}
