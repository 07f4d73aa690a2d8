// @ts-check
/** Tells times and days by the school's clock: by the zone that stands in the instant itself. */

import { language } from "./words.js";

const ZONE = /([+-])(\d\d):?(\d\d)$/;
const MINUTE = 60_000;

export class SchoolTimes {
  constructor() {
    /** Minutes east of Greenwich, for instants that are told in UTC. */
    this.east = 0;
    /** @type {Map<string, Intl.DateTimeFormat>} */
    this.formats = new Map();
  }

  /**
   * Takes the zone from the clock.
   * @param {string} now
   */
  learn(now) {
    this.east = eastOf(now) ?? this.east;
  }

  /** @param {string} at @returns {string} as «07:05» */
  clock(at) {
    return this.#wall(at).toISOString().slice(11, 16);
  }

  /** @param {string} at @returns {string} as "2026-11-23" */
  date(at) {
    return this.#wall(at).toISOString().slice(0, 10);
  }

  /** @param {string} date as "2026-11-23" @returns {string} as «понедельник, 23 ноября» */
  day(date) {
    let format = this.formats.get(language());
    if (!format) {
      const parts = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" };
      format = new Intl.DateTimeFormat(language(), /** @type {any} */ (parts));
      this.formats.set(language(), format);
    }
    return format.format(new Date(`${date}T00:00:00Z`));
  }

  /** Tells a date as it is written in an exercise book, «23 ноября». @param {string} at */
  ruledDate(at) {
    const parts = { day: "numeric", month: "long", timeZone: "UTC" };
    return new Intl.DateTimeFormat("ru", /** @type {any} */ (parts)).format(this.#wall(at));
  }

  /** @param {string} at */
  #wall(at) {
    const east = eastOf(at) ?? this.east;
    return new Date(Date.parse(at) + east * MINUTE);
  }
}

/**
 * Tells a length as «0:05».
 * @param {number} seconds
 */
export function length(seconds) {
  const whole = Math.max(0, Math.round(Number.isFinite(seconds) ? seconds : 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** @param {string} at @returns {number | null} minutes; null where only UTC is told */
function eastOf(at) {
  const found = ZONE.exec(at);
  if (!found) return null;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return found[1] === "-" ? -minutes : minutes;
}
