// @ts-check
/** The ruler of the school day: its hours, the moments of the plan as pins, and the hand. */

import { attribute, el, write } from "./dom.js";
import { label, t } from "./words.js";

const FIRST_HOUR = 7;
const LAST_HOUR = 21;
const EVERY = 2;

export class Ruler {
  /** @type {Map<number, HTMLElement>} */
  #pins = new Map();

  /**
   * @param {{clock: import("./clock.js").Clock, onPin: (at: number, pin: Element) => void}} how
   */
  constructor(how) {
    this.how = how;
    this.past = el("div", { class: "ruler-past" });
    this.hand = el("div", { class: "ruler-hand" });
    this.pins = el("div", { class: "ruler-pins", role: "group", tLabel: "page-ruler" });
    this.root = el(
      "div",
      { class: "ruler" },
      el(
        "div",
        { class: "ruler-scale", "aria-hidden": "true" },
        ...this.#hours(),
        this.past,
        this.hand,
      ),
      this.pins,
    );
  }

  /** @param {Map<number, string>} moments titles by instant */
  setMoments(moments) {
    for (const [at, pin] of this.#pins) {
      if (!moments.has(at)) {
        pin.remove();
        this.#pins.delete(at);
      }
    }
    for (const [at, title] of [...moments].sort(([a], [b]) => a - b)) {
      const pin = this.#pins.get(at) ?? this.#pin(at);
      write(/** @type {Element} */ (pin.firstElementChild), title);
      label(pin, "tLabel", ["page-ruler-to", { title }]);
    }
  }

  /** @param {{isHeld: boolean, held: string}} state whether the pins cannot be pressed, and why */
  draw({ isHeld, held }) {
    const { clock } = this.how;
    const now = clock.now();
    const left = place(clock.hours(now));
    this.hand.style.left = left;
    this.past.style.width = left;
    const target = clock.jumpTo;
    const today = clock.date(now);
    for (const [at, pin] of this.#pins) {
      const isPast = at <= now;
      // A jump may have left the day whose plan this is.
      pin.hidden = clock.date(at) !== today;
      attribute(pin, "aria-disabled", isPast || isHeld ? "true" : null);
      pin.classList.toggle("is-past", isPast);
      pin.classList.toggle("is-target", at === target);
      attribute(pin, "aria-description", isPast ? t("page-ruler-past") : held || null);
    }
  }

  /** @param {number} at @returns {HTMLElement} */
  #pin(at) {
    const pin = el(
      "button",
      { type: "button", class: "ruler-pin", on: { click: () => this.#press(at, pin) } },
      el("span", { class: "ruler-tip" }),
    );
    pin.style.left = place(this.how.clock.hours(at));
    this.#pins.set(at, pin);
    this.pins.append(pin);
    return pin;
  }

  /** @param {number} at @param {Element} pin */
  #press(at, pin) {
    if (pin.getAttribute("aria-disabled") !== "true") this.how.onPin(at, pin);
  }

  #hours() {
    const marks = [];
    for (let hour = FIRST_HOUR; hour <= LAST_HOUR; hour += 1) {
      const isNamed = (hour - FIRST_HOUR) % EVERY === 1;
      const mark = el(
        "span",
        { class: isNamed ? "ruler-hour is-named" : "ruler-hour" },
        isNamed && String(hour),
      );
      mark.style.left = place(hour);
      marks.push(mark);
    }
    return marks;
  }
}

/** @param {number} hours */
function place(hours) {
  const share = (hours - FIRST_HOUR) / (LAST_HOUR - FIRST_HOUR);
  return `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;
}
