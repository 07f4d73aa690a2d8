// @ts-check
/** The school's clock as the page knows it: between the feed's news it runs by the rate itself. */

import { language } from "./words.js";

/** @typedef {import("./feed.js").ClockView} ClockView */
/** @typedef {{at: string, kind: string, title: string}} Moment */

/** What stands between the time and the rest in the title of a moment. */
export const DASH = " — ";
/** The kind of the moment whose title names its day. */
export const NEXT_DAY = "working-day";

export class Clock {
  #now = 0;
  #heardAt = 0;
  /** @type {ClockView | null} */
  #view = null;
  /** @type {number | null} where the jump under way set out */
  #from = null;

  /** @param {string} zone the school's, as IANA names it */
  constructor(zone) {
    this.zone = zone;
  }

  /** @param {ClockView} view */
  take(view) {
    const isNew = view.jump_to !== null && this.#view?.jump_to == null;
    if (isNew) this.#from = this.#view ? this.now() : Date.parse(view.now);
    if (view.jump_to === null) this.#from = null;
    this.#view = view;
    this.#now = Date.parse(view.now);
    this.#heardAt = performance.now();
  }

  get isKnown() {
    return this.#view !== null;
  }

  get rate() {
    return this.#view?.rate ?? 0;
  }

  get isFollowed() {
    return this.#view?.followed ?? false;
  }

  /** Where the jump under way ends; null when there is none. */
  get jumpTo() {
    return this.#view?.jump_to ? Date.parse(this.#view.jump_to) : null;
  }

  /** Where the jump under way began. */
  get jumpFrom() {
    return this.#from;
  }

  /** The instant now, in milliseconds since 1970. */
  now() {
    if (this.#view === null || this.jumpTo !== null) return this.#now;
    return this.#now + (performance.now() - this.#heardAt) * this.rate;
  }

  /** How long to wait before the face may show something else, in milliseconds; 0 for ever. */
  get beat() {
    if (this.rate === 0 || this.jumpTo !== null) return 0;
    return Math.min(1000, Math.max(100, 12_000 / this.rate));
  }

  /** @param {number} at @returns {string} «07:05» */
  time(at) {
    const { hour, minute } = this.parts(at);
    return `${hour}:${minute}`;
  }

  /** @param {number} at @returns {string} «7:05» */
  shortTime(at) {
    return this.time(at).replace(/^0/, "");
  }

  /** @param {number} at @returns {string} "2026-11-23" */
  date(at) {
    const { year, month, day } = this.parts(at);
    return `${year}-${month}-${day}`;
  }

  /** @param {number} at @returns {string} «понедельник, 23 ноября» */
  day(at) {
    return this.#format({ weekday: "long", day: "numeric", month: "long" }).format(at);
  }

  /** @param {number} at @returns {string} «пн, 23 нояб.» */
  shortDay(at) {
    return this.#format({ weekday: "short", day: "numeric", month: "short" }).format(at);
  }

  /** How far the day has come, in hours since midnight. @param {number} at */
  hours(at) {
    const { hour, minute, second } = this.parts(at);
    return Number(hour) + Number(minute) / 60 + Number(second) / 3600;
  }

  /** Tell an instant as the school's `datetime-local`. @param {number} at */
  local(at) {
    return `${this.date(at)}T${this.time(at)}`;
  }

  /**
   * Read a `datetime-local` as an instant of the school's zone.
   * @param {string} written
   * @returns {number} NaN where it is none
   */
  instant(written) {
    const asUtc = Date.parse(`${written}Z`);
    if (Number.isNaN(asUtc)) return NaN;
    const guess = asUtc - this.#east(asUtc);
    return asUtc - this.#east(guess);
  }

  /** @param {number} at @returns {Record<string, string>} */
  parts(at) {
    const format = this.#format(
      {
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hourCycle: "h23",
      },
      "en-GB",
    );
    return Object.fromEntries(format.formatToParts(at).map((one) => [one.type, one.value]));
  }

  /** The zone's offset at an instant, in milliseconds. @param {number} at */
  #east(at) {
    const { year, month, day, hour, minute, second } = this.parts(at);
    const shown = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    return shown - Math.floor(at / 1000) * 1000;
  }

  /** @type {Map<string, Intl.DateTimeFormat>} */
  #formats = new Map();

  /** @param {Intl.DateTimeFormatOptions} options @param {string} [spoken] */
  #format(options, spoken = language()) {
    const key = spoken + JSON.stringify(options);
    let format = this.#formats.get(key);
    if (format === undefined) {
      format = new Intl.DateTimeFormat(spoken, { ...options, timeZone: this.zone });
      this.#formats.set(key, format);
    }
    return format;
  }
}

/** The moments of the school's plan, asked for again when they are old. */
export class Moments {
  /** @type {Moment[]} */
  next = [];
  /** @type {{date: string, title: string, is_working: boolean, why: string} | null} */
  day = null;
  /** @type {Map<number, string>} the day's moments by instant, those gone by as well */
  ofDay = new Map();

  /** @param {{day: any, next: Moment[]}} told @param {Clock} clock */
  take(told, clock) {
    if (told.day.date !== this.day?.date) this.ofDay.clear();
    this.day = told.day;
    this.next = told.next;
    for (const moment of joined(told.next)) {
      const at = Date.parse(moment.at);
      if (clock.date(at) === told.day.date) this.ofDay.set(at, moment.title);
    }
  }

  /** The moments still ahead, what falls on one instant as one. @param {number} now @returns {Moment[]} */
  ahead(now) {
    return joined(this.next.filter((one) => Date.parse(one.at) > now));
  }
}

/** @param {Moment[]} moments in order of time @returns {Moment[]} */
function joined(moments) {
  /** @type {Moment[]} */
  const found = [];
  for (const moment of moments) {
    const last = found.at(-1);
    if (last === undefined || Date.parse(last.at) !== Date.parse(moment.at))
      found.push({ ...moment });
    else if (moment.kind === NEXT_DAY)
      found[found.length - 1] = { ...moment, title: moment.title + DASH + what(last) };
    else last.title += (last.title.includes(DASH) ? ", " : DASH) + what(moment);
  }
  return found;
}

/** A title without the time that stands before it. @param {Moment} moment */
const what = ({ title }) =>
  title.slice(title.indexOf(DASH) < 0 ? 0 : title.indexOf(DASH) + DASH.length);
