// @ts-check
/** The buttons of a message: a press turns until the bot answers it; a link opens. */

import { attribute, el } from "./dom.js";
import { icon } from "./icons.js";
import { webLink } from "./richtext.js";

export class InlineKeys {
  /** @param {import("./phone.js").Room} room */
  constructor(room) {
    this.room = room;
    this.element = el("div", { class: "ph-inline", hidden: true });
    /** @type {number | undefined} */
    this.messageId = undefined;
  }

  /**
   * Lays the buttons out; the focus stays at its place when they are replaced under it.
   * @param {number | undefined} messageId
   * @param {Array<Array<any>>} rows
   */
  draw(messageId, rows) {
    const focused = this.#places().indexOf(/** @type {any} */ (document.activeElement));
    this.messageId = messageId;
    this.element.replaceChildren(
      ...rows.map((row) =>
        el("div", { class: "ph-inline-row" }, ...row.map((button) => this.#button(button))),
      ),
    );
    this.element.hidden = !rows.length;
    if (focused >= 0) {
      const places = this.#places();
      places[Math.min(focused, places.length - 1)]?.focus({ preventScroll: true });
    }
  }

  /** @returns {Array<HTMLElement>} */
  #places() {
    return [...this.element.querySelectorAll(".ph-inline-key")];
  }

  /** @param {any} button a ButtonView */
  #button(button) {
    const name = el("bdi", { class: "ph-key-label" }, button.label);
    const style = button.style || (this.room.skin === "vk" ? "secondary" : "plain");
    const how = { class: "ph-inline-key", "data-style": style };
    if (button.url) {
      const link = webLink(button.url, this.room.onDeepLink, how, name, icon("link"));
      if (link) return link;
    }
    const key = el("button", { ...how, type: "button" }, name, el("span", { class: "ph-spinner" }));
    key.addEventListener("click", () => this.#press(key, button));
    return key;
  }

  /** @param {HTMLElement} key @param {any} button */
  async #press(key, button) {
    if (key.getAttribute("aria-busy") === "true") return;
    attribute(key, "aria-busy", "true");
    const { label, data } = button;
    await this.room.press({ label, data: data ?? undefined, message_id: this.messageId });
    attribute(key, "aria-busy", null);
  }
}
