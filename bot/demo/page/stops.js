// @ts-check
/** What stands in the way of writing: a chat that is not begun, a bot that is blocked. */

import { el } from "./dom.js";
import { portrait } from "./icons.js";

export class Stops {
  /**
   * @param {import("./phone.js").Room} room
   * @param {import("./composer.js").Composer} composer what they stand in place of
   * @param {HTMLElement} empty the place of an empty chat
   * @param {{onStart: () => Promise<unknown>, onUnblock: () => Promise<unknown>}} how
   */
  constructor(room, composer, empty, how) {
    this.room = room;
    this.composer = composer;
    this.empty = empty;
    const isVk = room.skin === "vk";
    this.start = bar(isVk ? "page-phone-begin" : "page-phone-start", how.onStart);
    this.unblock = bar(isVk ? "page-phone-allow" : "page-phone-unblock", how.onUnblock);
    this.element = el("div", { class: "ph-stops", hidden: true }, this.start, this.unblock);
    const name = el("b", { dir: "auto" }, room.botName);
    const hint = el("p", { t: isVk ? "page-phone-empty-vk" : "page-phone-empty-telegram" });
    empty.replaceChildren(el("div", { class: "ph-empty-card" }, portrait(), name, hint));
  }

  /** Says whether nothing can be written now. */
  get isClosed() {
    return this.composer.element.hidden;
  }

  /** The button that opens the way, null where nothing is in it. @returns {HTMLElement | null} */
  get button() {
    if (!this.isClosed) return null;
    return this.unblock.hidden ? this.start : this.unblock;
  }

  /** @param {{isBlocked: boolean, isEmpty: boolean}} chat */
  update({ isBlocked, isEmpty }) {
    const hadFocus = this.element.contains(document.activeElement);
    const isClosed = isBlocked || (isEmpty && this.room.skin === "telegram");
    this.empty.hidden = !isEmpty;
    this.unblock.hidden = !isBlocked;
    this.start.hidden = isBlocked || !isEmpty;
    this.element.hidden = !isBlocked && !isEmpty;
    this.composer.element.hidden = isClosed;
    this.composer.keyboard.element.classList.toggle("ph-away", isClosed);
    if (hadFocus && this.element.hidden) this.composer.field.focus({ preventScroll: true });
  }
}

/** @param {string} words @param {() => Promise<unknown>} act */
function bar(words, act) {
  const button = el("button", { type: "button", class: "ph-stop", t: words });
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true"); // `disabled` would drop the focus too early
    await act();
    button.removeAttribute("aria-disabled");
  });
  return button;
}
