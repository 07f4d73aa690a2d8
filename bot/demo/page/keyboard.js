// @ts-check
/** The bot's keyboard under the field for text; it can be folded away. */

import { attribute, el } from "./dom.js";
import { icon } from "./icons.js";
import { keyOf } from "./key.js";
import { label } from "./words.js";

export class Keyboard {
  /**
   * @param {import("./phone.js").Room} room
   * @param {string} id of the element, for the button that folds it
   */
  constructor(room, id) {
    this.room = room;
    this.told = "null";
    this.isFolded = false;
    /** @type {any} */
    this.keyboard = null;
    this.element = el("div", {
      class: "ph-keyboard",
      id,
      role: "group",
      tLabel: "page-phone-keyboard",
      hidden: true,
    });
    this.fold = el(
      "button",
      {
        type: "button",
        class: "ph-tool ph-fold",
        "aria-controls": id,
        hidden: true,
        on: { click: () => this.#turn(!this.isFolded) },
      },
      icon("keys"),
      icon("fold"),
    );
  }

  /**
   * Shows the keyboard that the bot has put there; another one unfolds.
   * @param {any} keyboard a KeyboardView or null
   */
  update(keyboard) {
    const told = JSON.stringify(keyboard ?? null);
    if (told === this.told) return;
    this.told = told;
    this.keyboard = keyboard;
    const rows = keyboard?.rows ?? [];
    this.element.replaceChildren(
      ...rows.map((/** @type {Array<any>} */ row) =>
        el("div", { class: "ph-keyboard-row" }, ...row.map((one) => this.#key(one))),
      ),
    );
    this.#turn(false);
  }

  /** @param {boolean} isFolded */
  #turn(isFolded) {
    this.isFolded = isFolded;
    const hasKeys = this.element.childElementCount > 0;
    this.element.hidden = isFolded || !hasKeys;
    this.fold.hidden = !hasKeys;
    attribute(this.fold, "aria-expanded", String(!isFolded));
    const words = isFolded ? "page-phone-keyboard-show" : "page-phone-keyboard-hide";
    label(this.fold, "tLabel", words);
    label(this.fold, "tTitle", words);
  }

  /** @param {any} button a ButtonView */
  #key(button) {
    const how = { class: "ph-key", "data-style": button.style || "secondary" };
    return keyOf(this.room, button, how, () => this.#press(button));
  }

  /** @param {any} button */
  #press(button) {
    // a key that carries nothing and stays is its words; as a press the sandbox would look for
    // these words on the latest message first
    const isWords = button.kind === "text" && button.data === null && !this.keyboard?.one_time;
    if (isWords) return this.room.say(button.label);
    return this.room.press({ label: button.label, data: button.data ?? undefined });
  }
}
