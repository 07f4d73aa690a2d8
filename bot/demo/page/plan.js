// @ts-check
/** Keeps the moments of the school's plan fresh: each hour, past each of them, after each jump. */

import { api } from "./api.js";
import { language } from "./words.js";

const HOUR_MS = 3_600_000;
const PAUSE_MS = 1000;

export class Plan {
  #askedAt = -Infinity;
  #hour = NaN;
  #isAsking = false;

  /**
   * @param {{clock: import("./clock.js").Clock, moments: import("./clock.js").Moments, onPlan: () => void}} how
   */
  constructor(how) {
    this.how = how;
  }

  /** The face has moved on. @param {number} now */
  moved(now) {
    const first = this.how.moments.next[0];
    const isOver = first !== undefined && Date.parse(first.at) <= now;
    const isStale = isOver || Math.floor(now / HOUR_MS) !== this.#hour;
    if (isStale && performance.now() - this.#askedAt > PAUSE_MS) void this.ask();
  }

  async ask() {
    const { clock, moments, onPlan } = this.how;
    if (this.#isAsking || !clock.isKnown) return;
    this.#isAsking = true;
    this.#askedAt = performance.now();
    try {
      const told = await api.moments(language());
      this.#hour = Math.floor(clock.now() / HOUR_MS);
      moments.take(told, clock);
      onPlan();
    } catch {
      // The plan can wait: the next beat of the clock asks again.
    } finally {
      this.#isAsking = false;
    }
  }
}
