// @ts-check
/** The list of messages: a window of bubbles over the history, which never makes the eye jump. */

import { el, write } from "./dom.js";
import { History } from "./history.js";
import { Bubble } from "./message.js";
import { STEP, Stretch } from "./stretch.js";
import { Unseen } from "./unseen.js";

/** How near to an edge of the window more of the history is brought, in pixels. */
const NEAR = 700;
const AT_END = 32;
const MOVING_MS = 1500;
const LONGEST_GLIDE = 500;
const AT_ONCE = 200;
const MOST_LOADS = 100;

export class Messages {
  /** @param {import("./phone.js").Room} room */
  constructor(room) {
    this.room = room;
    this.history = new History(room.times);
    /** @type {Map<string, Bubble>} */
    this.bubbles = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.days = new Map();
    this.stretch = new Stretch(this.history);
    this.isStuck = true;
    this.isDrawn = false;
    this.frame = 0;
    this.rest = 0;
    /** How far the list could be scrolled when its end was shown. */
    this.size = 0;
    this.owed = 0;
    /** @type {Promise<boolean> | null} */
    this.loading = null;

    this.typing = el(
      "div",
      { class: "ph-typing", "aria-hidden": "true", hidden: true },
      el("span"),
      el("span"),
      el("span"),
    );
    this.empty = el("div", { class: "ph-empty", hidden: true });
    this.content = el("div", { class: "ph-content" }, this.typing);
    this.scroller = el(
      "div",
      { class: "ph-scroll", role: "log", tabindex: "0", tLabel: "page-phone-log", "aria-live": "off" },
      this.content,
    );
    this.wheel = el("div", { class: "ph-loading", "aria-hidden": "true", hidden: true }, el("span"));
    this.unseen = new Unseen(() => this.goToEnd());
    this.element = el(
      "div",
      { class: "ph-thread" },
      this.scroller,
      this.empty,
      this.wheel,
      this.unseen.element,
    );
    this.scroller.addEventListener("scroll", () => this.#moved(), { passive: true });
    this.sizes = new ResizeObserver(() => this.isStuck && this.#stick());
    this.sizes.observe(this.scroller);
    this.sizes.observe(this.content);
  }

  /**
   * Takes what a frame of the feed tells of the chat.
   * @param {any} chat
   */
  update(chat) {
    const { fresh, isAnswered } = this.stretch.across(() => this.history.take(chat));
    if (isAnswered) this.isStuck = true; // who writes looks at the end
    if (this.isStuck) this.stretch.toEnd(!this.isDrawn);
    else this.unseen.add(fresh);
    if (chat.typing !== undefined) this.typing.hidden = !chat.typing;
    this.#draw();
  }

  /** Says dates and its own words in another language. */
  relabel() {
    for (const [date, day] of this.days) {
      write(/** @type {Node} */ (day.firstChild), this.room.times.day(date));
    }
    this.#keepingPlace(() => {
      for (const bubble of this.bubbles.values()) bubble.relabel();
    });
    this.unseen.relabel();
  }

  /** Shows the last message. */
  goToEnd() {
    this.isStuck = true;
    this.stretch.toEnd(true);
    this.#draw();
  }

  /** Shows the first message, however much has to be asked for. */
  async goToStart() {
    for (let i = 0; i < MOST_LOADS && !this.history.isWhole; i += 1) {
      if (!(await this.#load(AT_ONCE))) break;
    }
    const first = this.history.blocks[0];
    if (first) this.goTo(first.first);
  }

  /**
   * Shows a message that is known.
   * @param {number} id
   */
  goTo(id) {
    const at = this.history.placeOf(id);
    const block = this.history.blocks[at];
    if (!block) return;
    this.isStuck = false;
    this.stretch.around(at);
    this.#draw();
    const bubble = this.bubbles.get(block.key);
    bubble?.element.scrollIntoView({ block: "center" });
    bubble?.flash();
  }

  destroy() {
    this.sizes.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
  }

  /** Lets go of the end at once when a person scrolls away from it: frames come meanwhile. */
  #moved() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (scrollTop < this.size - AT_END && this.size === scrollHeight - clientHeight) {
      this.isStuck = false;
    }
    this.scroller.classList.add("ph-moving");
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.scroller.classList.remove("ph-moving"), MOVING_MS);
    this.#schedule();
  }

  #schedule() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.#scrolled();
    });
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (this.isStuck && this.size !== scrollHeight - clientHeight) {
      this.#stick(); // the list or its place has grown, nobody has scrolled
      return;
    }
    const below = scrollHeight - scrollTop - clientHeight;
    const isEnd = this.stretch.isAtEnd;
    this.isStuck = isEnd && below < AT_END;
    this.unseen.show(!this.isStuck && (below > clientHeight / 2 || !isEnd || this.unseen.count > 0));
    if (this.isStuck) this.#looked();
    if (scrollTop < NEAR && !this.isStuck) this.#older();
    else if (below < NEAR && !isEnd) this.#newer();
  }

  #stick() {
    const { scroller } = this;
    scroller.scrollTop = scroller.scrollHeight;
    this.size = scroller.scrollHeight - scroller.clientHeight;
  }

  #looked() {
    this.unseen.none();
    this.room.looked();
  }

  #older() {
    if (this.stretch.older()) this.#draw();
    else if (!this.history.isWhole) void this.#load(STEP);
  }

  #newer() {
    this.stretch.newer();
    this.#draw();
  }

  /** Asks for older messages; says whether they came. @param {number} count */
  #load(count) {
    if (!this.loading) {
      this.wheel.hidden = false;
      const { history } = this;
      const known = history.known;
      this.loading = this.room
        .older(history.oldest, count)
        .then((/** @type {any} */ chat) => {
          if (!chat || history.known !== known) return false; // the feed has told the chat anew
          this.stretch.across(() => history.takeOlder(chat));
          this.stretch.older();
          this.#draw();
          return true;
        })
        .finally(() => {
          this.loading = null;
          this.wheel.hidden = true;
        });
    }
    return this.loading;
  }

  #draw() {
    const before = this.scroller.scrollTop;
    const wasDrawn = this.isDrawn;
    this.isDrawn = true;
    if (!this.isStuck) {
      this.#keepingPlace(() => this.#sync());
      this.#schedule();
      return;
    }
    const last = this.content.lastElementChild?.previousElementSibling;
    this.#sync();
    this.#stick();
    const moved = this.scroller.scrollTop - before;
    if (wasDrawn && last && moved > 0 && moved < LONGEST_GLIDE) this.#glide(moved);
    this.#looked();
    this.unseen.show(false);
  }

  /** Lets the list slide up to its new end instead of jumping there. @param {number} by */
  #glide(by) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const moves = [{ transform: `translateY(${by}px)` }, { transform: "none" }];
    this.content.animate(moves, { duration: 180, easing: "cubic-bezier(.2,.7,.3,1)" });
  }

  /** Changes the list and leaves what is being read where it is. @param {() => void} change */
  #keepingPlace(change) {
    const top = this.scroller.getBoundingClientRect().top;
    const seen = [];
    for (const bubble of this.bubbles.values()) {
      const box = bubble.element.getBoundingClientRect();
      if (box.bottom > top) seen.push({ bubble, y: box.top });
    }
    seen.sort((a, b) => a.y - b.y);
    change();
    if (this.isStuck) return;
    const kept = seen.find(({ bubble }) => bubble.element.isConnected);
    if (!kept) return;
    const moved = kept.bubble.element.getBoundingClientRect().top - kept.y + this.owed;
    const { scrollTop } = this.scroller;
    if (Math.abs(moved) >= 1) this.scroller.scrollTop = scrollTop + moved;
    // browsers scroll by whole pixels: the rest waits, or a hundred edits would add it up
    this.owed = (moved - (this.scroller.scrollTop - scrollTop)) % 1;
  }

  /** Makes the elements what the stretch says, touching only those that differ. */
  #sync() {
    const shown = this.stretch.blocks;
    this.#drop(shown);
    let nextDay = this.content.firstElementChild;
    /** @type {Element | null} */
    let next = null;
    /** @type {HTMLElement | null} */
    let day = null;
    for (const [i, block] of shown.entries()) {
      if (!i || block.date !== shown[i - 1].date) {
        day = this.#day(block.date);
        if (day === nextDay) nextDay = day.nextElementSibling;
        else this.content.insertBefore(day, nextDay);
        next = day.children[1] ?? null;
      }
      const bubble = this.#bubble(block);
      bubble.update(block, this.history.placing(this.stretch.start + i));
      if (bubble.element === next) next = bubble.element.nextElementSibling;
      else day?.insertBefore(bubble.element, next);
    }
  }

  /** Takes away what is shown no longer. @param {Array<import("./history.js").Block>} shown */
  #drop(shown) {
    const keys = new Set(shown.map((block) => block.key));
    const dates = new Set(shown.map((block) => block.date));
    for (const [key, bubble] of this.bubbles) {
      if (keys.has(key)) continue;
      bubble.element.remove();
      this.bubbles.delete(key);
    }
    for (const [date, day] of this.days) {
      if (dates.has(date)) continue;
      day.remove();
      this.days.delete(date);
    }
  }

  /** @param {string} date */
  #day(date) {
    let day = this.days.get(date);
    if (!day) {
      const title = el("div", { class: "ph-date" }, this.room.times.day(date));
      day = /** @type {HTMLElement} */ (el("div", { class: "ph-day" }, title));
      this.days.set(date, day);
    }
    return day;
  }

  /** @param {import("./history.js").Block} block */
  #bubble(block) {
    let bubble = this.bubbles.get(block.key);
    if (!bubble) {
      bubble = new Bubble(this.room, block);
      this.bubbles.set(block.key, bubble);
    }
    return bubble;
  }
}
