// @ts-check
/** The bot as a process: its state for all to see, killing it and starting it again. */

import { api } from "./api.js";
import { attribute, byId, el, write } from "./dom.js";
import { once, speakOut } from "./notices.js";
import { t } from "./words.js";

const USUAL_START_MS = 15_000;

/** @type {Record<string, string>} */
const STATES = {
  running: "page-bot-running",
  starting: "page-bot-starting",
  dead: "page-bot-dead",
};

export class BotPanel {
  #was = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #beat;

  /**
   * @param {{world: import("./feed.js").World, place: HTMLElement, chip: HTMLElement, bar: HTMLElement}} how
   *   `bar` is the line that shows while the bot is not there
   */
  constructor(how) {
    this.how = how;
    this.state = el("span", { class: "bot-state" });
    this.kills = el("span", { class: "bot-kills hint" });
    this.kill = this.#button("page-bot-kill", { do: "kill" }, "danger");
    this.again = this.#button("page-bot-kill-start", { do: "kill", start: true }, "danger");
    this.start = this.#button("page-bot-start", { do: "start" }, "primary");
    this.log = el("pre", { class: "log", tabindex: "0", tLabel: "page-bot-log" });
    how.place.append(
      el("div", { class: "bot-line" }, el("h3", { t: "page-bot" }), this.state, this.kills),
      el("p", { class: "hint", t: "page-bot-hint" }),
      el("div", { class: "acts" }, this.kill, this.again, this.start),
      el("details", { class: "bot-log" }, el("summary", { t: "page-bot-log" }), this.log),
    );
    this.said = el("span", { class: "bar-words" });
    this.progress = el("progress", { max: "1", value: "0", tLabel: "page-bot-starting" });
    this.barStart = this.#button("page-bot-start", { do: "start" }, "primary");
    how.bar.append(this.said, this.progress, this.barStart);
  }

  /** "running", "starting", "dead", or "" while nothing is known. */
  get current() {
    return this.how.world.host?.bot?.state ?? "";
  }

  draw() {
    const bot = this.how.world.host?.bot;
    if (!bot) return;
    const { state } = bot;
    const words = t(STATES[state] ?? "page-bot-dead");
    for (const shown of [this.how.chip, this.state]) attribute(shown, "data-state", state);
    write(byId("bot-chip-words"), words);
    write(this.state, words);
    write(this.kills, bot.kills > 0 ? t("page-bot-kills", { count: bot.kills }) : "");
    this.kill.hidden = this.again.hidden = state === "dead";
    attribute(this.kill, "aria-disabled", state === "running" ? null : "true");
    attribute(this.again, "aria-disabled", state === "running" ? null : "true");
    this.start.hidden = this.barStart.hidden = state !== "dead";
    write(this.log, (bot.log ?? []).join("\n"));
    this.#drawBar(state, bot.since);
    if (state !== this.#was) {
      if (this.#was) speakOut(words);
      this.#was = state;
    }
  }

  /** Nobody tells of the bot any more. */
  lose() {
    attribute(this.how.chip, "data-state", null);
    write(byId("bot-chip-words"), t("page-bot-unknown"));
  }

  /** @param {string} state @param {string} since */
  #drawBar(state, since) {
    this.how.bar.hidden = state === "running";
    this.how.bar.dataset.state = state;
    this.progress.hidden = state !== "starting";
    write(this.said, t(state === "starting" ? "page-bot-starting-more" : "page-bot-dead-more"));
    clearTimeout(this.#beat);
    if (state !== "starting") return;
    const ran = Date.now() - Date.parse(since);
    // It slows down towards the end: nobody knows when the end is.
    this.progress.value = 1 - Math.exp((-Math.max(0, ran) / USUAL_START_MS) * 1.6);
    this.#beat = setTimeout(() => this.#drawBar("starting", since), 300);
  }

  /** @param {string} key @param {{do: "kill" | "start", start?: boolean}} what @param {string} kind */
  #button(key, what, kind) {
    const button = el("button", { type: "button", class: kind, t: key });
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") void once(button, () => api.bot(what));
    });
    return button;
  }
}
