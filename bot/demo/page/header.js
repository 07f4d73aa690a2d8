// @ts-check
/** The head of the phone: the bot's portrait, its name, what it is doing, and the menu. */

import { el, write } from "./dom.js";
import { icon, portrait } from "./icons.js";
import { Menu } from "./menu.js";
import { label } from "./words.js";

export class Header {
  /**
   * @param {import("./phone.js").Room} room
   * @param {string} id
   * @param {{onBlock: () => unknown, onUnblock: () => unknown, onFirst: () => unknown,
   *   isBlocked: () => boolean}} how
   */
  constructor(room, id, how) {
    this.name = el("span", { class: "ph-bot-name", dir: "auto" }, room.botName);
    this.status = el("span", { class: "ph-bot-status", t: "page-phone-bot" });
    this.button = el(
      "button",
      { type: "button", class: "ph-tool", tLabel: "page-phone-menu", tTitle: "page-phone-menu" },
      icon("more"),
    );
    const isVk = room.skin === "vk";
    this.menu = new Menu(this.button, {
      id: `${id}-menu`,
      words: "page-phone-menu",
      items: [
        { words: "page-phone-to-start", icon: "up", act: how.onFirst },
        {
          words: isVk ? "page-phone-forbid" : "page-phone-block",
          icon: "block",
          act: how.onBlock,
          when: () => !how.isBlocked(),
        },
        {
          words: isVk ? "page-phone-allow" : "page-phone-unblock",
          icon: "open",
          act: how.onUnblock,
          when: how.isBlocked,
        },
      ],
    });
    this.element = el(
      "header",
      { class: "ph-header" },
      el("span", { class: "ph-header-portrait" }, portrait()),
      el("span", { class: "ph-bot" }, this.name, this.status),
      this.button,
      this.menu.element,
    );
  }

  /** @param {boolean} isTyping */
  setTyping(isTyping) {
    label(this.status, "t", isTyping ? "page-phone-typing" : "page-phone-bot");
    this.status.classList.toggle("ph-is-typing", isTyping);
  }

  /** @param {string} name */
  setName(name) {
    write(this.name, name);
  }
}
