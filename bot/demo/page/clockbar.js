// @ts-check
/** The clock on the page: its face, how fast it runs, and the ways to move it on. */

import { api } from "./api.js";
import { attribute, el, icon, write } from "./dom.js";
import { Jumps } from "./jumps.js";
import { once, speakOut } from "./notices.js";
import { Ruler } from "./ruler.js";
import { t } from "./words.js";

/** @type {{rate: number, sign: string, key: string}[]} */
const RATES = [
  { rate: 0, sign: "", key: "page-rate-stop" },
  { rate: 1, sign: "×1", key: "page-rate-real" },
  { rate: 60, sign: "×60", key: "page-rate-minute" },
  { rate: 600, sign: "×600", key: "page-rate-fast" },
];

export class ClockBar {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #beat;
  #wasJumping = false;

  /**
   * @param {HTMLElement} root
   * @param {{clock: import("./clock.js").Clock, moments: import("./clock.js").Moments, botState: () => string, onMoment: (at: number) => void}} how
   *   `onMoment` hears each time the face has moved on
   */
  constructor(root, how) {
    this.how = how;
    this.time = el("time", { class: "clock-time" }, "––:––");
    this.mini = /** @type {HTMLElement} */ (document.getElementById("mini-clock"));
    this.date = el("strong", { class: "clock-date" });
    this.why = el("span", { class: "clock-why", id: "clock-why" });
    this.jumps = new Jumps(how);
    this.ruler = new Ruler({ clock: how.clock, onPin: (at, pin) => void this.jumps.to(at, pin) });
    this.rates = RATES.map((one) => this.#rate(one));
    root.append(
      el(
        "div",
        { class: "clock-face" },
        this.time,
        el("div", { class: "clock-words" }, this.date, this.why),
      ),
      this.ruler.root,
      el("div", { class: "rates", role: "group", tLabel: "page-rates" }, ...this.rates),
      this.jumps.root,
    );
  }

  /** The feed told of the clock, or of the bot that follows it. */
  news() {
    const { clock } = this.how;
    const isJumping = clock.jumpTo !== null;
    if (isJumping && !this.#wasJumping) {
      speakOut(t("page-clock-going", { time: this.#told(/** @type {number} */ (clock.jumpTo)) }));
    } else if (!isJumping && this.#wasJumping) {
      speakOut(t("page-clock-came", { time: this.#told(clock.now()) }));
    }
    this.#wasJumping = isJumping;
    this.draw();
  }

  /** The plan is another, or the language is. */
  setMoments() {
    this.ruler.setMoments(this.how.moments.ofDay);
    this.draw();
  }

  draw() {
    const { clock, moments } = this.how;
    if (!clock.isKnown) return;
    clearTimeout(this.#beat);
    const now = clock.now();
    write(this.time, clock.time(now));
    attribute(this.time, "datetime", clock.local(now));
    write(this.mini, clock.time(now));
    const isToday = moments.day?.date === clock.date(now);
    write(this.date, isToday ? /** @type {any} */ (moments.day).title : clock.day(now));
    this.#drawWhy(isToday);
    for (const [index, button] of this.rates.entries()) {
      attribute(button, "aria-pressed", String(RATES[index].rate === clock.rate));
    }
    this.jumps.draw();
    this.ruler.draw({ isHeld: this.jumps.held !== "", held: this.jumps.held });
    this.how.onMoment(now);
    if (clock.beat > 0 && !document.hidden) this.#beat = setTimeout(() => this.draw(), clock.beat);
  }

  /** @param {boolean} isToday */
  #drawWhy(isToday) {
    const { clock, moments } = this.how;
    const jumpTo = clock.jumpTo;
    const isWorking = isToday && moments.day?.is_working === true;
    this.why.classList.toggle("is-working", isWorking && jumpTo === null);
    this.why.classList.toggle("is-jumping", jumpTo !== null);
    if (jumpTo !== null) {
      const isDead = this.how.botState() === "dead";
      const key = isDead
        ? "page-clock-waits"
        : clock.isFollowed
          ? "page-clock-going"
          : "page-clock-busy";
      write(this.why, t(key, { time: this.#told(jumpTo) }));
    } else {
      write(this.why, isToday ? (moments.day?.why ?? "") : "");
    }
  }

  /** An instant in words: only the time, if it is today. @param {number} at */
  #told(at) {
    const { clock } = this.how;
    const time = clock.shortTime(at);
    return clock.date(at) === clock.date(clock.now()) ? time : `${clock.shortDay(at)}, ${time}`;
  }

  /** @param {{rate: number, sign: string, key: string}} one */
  #rate({ rate, sign, key }) {
    const button = el(
      "button",
      { type: "button", class: "rate", "aria-pressed": "false", tLabel: key, tTitle: key },
      sign || icon("pause"),
    );
    button.addEventListener("click", () => void once(button, () => api.rate(rate)));
    return button;
  }
}
