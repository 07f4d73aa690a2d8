// @ts-check
/** The buttons of a message: a press turns until the bot answers it; a link opens. */

import { el } from "./dom.js";
import { keyOf } from "./key.js";

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
    const style = button.style || (this.room.skin === "vk" ? "secondary" : "plain");
    const how = { class: "ph-inline-key", "data-style": style };
    const { label, data } = button;
    return keyOf(this.room, button, how, () =>
      this.room.press({ label, data: data ?? undefined, message_id: this.messageId }),
    );
  }
}
