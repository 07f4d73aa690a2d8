// @ts-check
/** «Дальше»: the button to the next moment, the panel with the others, and what holds them up. */

import { api } from "./api.js";
import { DASH, NEXT_DAY } from "./clock.js";
import { attribute, el, icon, write } from "./dom.js";
import { once } from "./notices.js";
import { Popover } from "./popover.js";
import { t } from "./words.js";

/** @typedef {import("./clock.js").Moment} Moment */

export class Jumps {
  /** @type {number | null} the jump that the visitor is asked about, as the bot is not there */
  #asked = null;
  #listed = "";

  /**
   * @param {{clock: import("./clock.js").Clock, moments: import("./clock.js").Moments, botState: () => string}} how
   */
  constructor(how) {
    this.how = how;
    /** Why the clock cannot be moved now; empty when it can. */
    this.held = "";
    this.nextTitle = el("span", { class: "next-title" });
    this.next = el(
      "button",
      { type: "button", class: "next-go", id: "clock-next", "aria-describedby": "clock-why" },
      icon("next"),
      el(
        "span",
        { class: "next-words" },
        el("span", { class: "next-name", t: "page-next" }),
        " ",
        this.nextTitle,
      ),
    );
    this.more = el(
      "button",
      {
        type: "button",
        class: "next-more",
        id: "clock-more",
        tLabel: "page-next-more",
        tTitle: "page-next-more",
      },
      icon("down"),
    );
    this.list = el("ul", { class: "moments" });
    this.#buildForm();
    this.#buildQuestion();
    this.panel = el(
      "div",
      { class: "popover jumps", id: "clock-panel", role: "dialog", tLabel: "page-next-more" },
      this.question,
      this.list,
      this.form,
    );
    this.land = el("button", {
      type: "button",
      class: "land",
      t: "page-land",
      "aria-describedby": "clock-why",
      hidden: true,
    });
    this.land.addEventListener("click", () => void once(this.land, () => api.land()));
    this.ways = el("div", { class: "next" }, this.next, this.more);
    this.root = el("div", { class: "jumps-place" }, this.land, this.ways, this.panel);
    this.popover = new Popover(this.more, this.panel, { onOpen: () => this.#opened() });
    this.next.addEventListener("click", () => {
      const first = this.#ahead()[0];
      if (first && !this.held) void this.to(Date.parse(first.at), this.next);
    });
  }

  /**
   * Move the clock on, unless the bot is not there to go along: then ask first.
   * @param {number} at
   * @param {Element} control
   */
  async to(at, control) {
    if (this.held) return;
    const isAlone = this.how.botState() === "dead";
    if (isAlone && this.#asked !== at) {
      this.#asked = at;
      if (!this.popover.isOpen) this.popover.open();
      this.#drawQuestion();
      this.goAlone.focus();
      return;
    }
    this.#asked = null;
    this.popover.close({ back: true });
    await once(control, async () => {
      await api.jump(new Date(at).toISOString());
      if (isAlone) await api.land();
    });
  }

  draw() {
    const { clock } = this.how;
    const isJumping = clock.jumpTo !== null;
    const state = this.how.botState();
    this.held = isJumping
      ? t("page-held-jump")
      : state === "starting"
        ? t("page-held-starting")
        : "";
    const first = this.#ahead()[0];
    const target = clock.jumpTo;
    const going = target === null ? "" : t("page-next-going", { time: clock.shortTime(target) });
    write(this.nextTitle, going || (first ? this.#title(first) : ""));
    attribute(this.next, "aria-disabled", this.held || !first ? "true" : null);
    attribute(this.next, "title", this.held || (first ? this.#title(first) : null));
    attribute(this.next, "aria-description", this.held || null);
    this.next.classList.toggle("is-going", isJumping);
    this.land.hidden = !isJumping || (clock.isFollowed && state !== "dead");
    this.ways.hidden = !this.land.hidden;
    if (this.popover.isOpen) this.#drawList();
  }

  #ahead() {
    return this.how.moments.ahead(this.how.clock.now());
  }

  /** @param {Moment} moment */
  #title(moment) {
    const { clock } = this.how;
    const at = Date.parse(moment.at);
    const isToday = clock.date(at) === clock.date(clock.now());
    return isToday || moment.kind === NEXT_DAY
      ? moment.title
      : `${clock.shortDay(at)} ${moment.title}`;
  }

  #opened() {
    const { clock } = this.how;
    this.input.min = clock.local(clock.now());
    this.input.value = clock.local(clock.now() + 3_600_000);
    write(this.refusal, "");
    if (this.#asked !== null && this.how.botState() !== "dead") this.#asked = null;
    this.#listed = "";
    this.#drawList();
    this.#drawQuestion();
  }

  #drawList() {
    const ahead = this.#ahead();
    const listed = ahead.map((one) => one.at + this.#title(one)).join() + this.held;
    if (listed === this.#listed) return;
    this.#listed = listed;
    const focused = document.activeElement?.getAttribute("data-at");
    this.list.replaceChildren(...ahead.map((moment) => this.#item(moment)));
    if (focused) this.list.querySelector(`[data-at="${CSS.escape(focused)}"]`)?.focus();
  }

  /** @param {Moment} moment */
  #item(moment) {
    const button = el(
      "button",
      {
        type: "button",
        class: `moment moment-${moment.kind}`,
        "data-at": moment.at,
        "aria-disabled": this.held ? "true" : null,
      },
      ...told(this.#title(moment)),
    );
    button.addEventListener("click", () => void this.to(Date.parse(moment.at), button));
    return el("li", {}, button);
  }

  #buildForm() {
    this.input = el("input", {
      type: "datetime-local",
      id: "clock-at",
      step: "60",
      required: true,
    });
    this.refusal = el("p", { class: "refusal", role: "alert" });
    this.go = el("button", { type: "submit", t: "page-at-go" });
    this.form = el(
      "form",
      {
        class: "jump-form",
        novalidate: true,
        on: { submit: (/** @type {Event} */ event) => this.#submit(event) },
      },
      el("label", { for: "clock-at", t: "page-at" }),
      el("div", { class: "jump-row" }, this.input, this.go),
      this.refusal,
    );
  }

  #buildQuestion() {
    this.goAlone = el("button", { type: "button", class: "primary", t: "page-alone-go" });
    this.goAlone.addEventListener(
      "click",
      () => this.#asked !== null && void this.to(this.#asked, this.goAlone),
    );
    this.question = el(
      "div",
      { class: "question", hidden: true },
      el("p", { t: "page-alone" }),
      this.goAlone,
    );
  }

  #drawQuestion() {
    this.question.hidden = this.#asked === null;
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const { clock } = this.how;
    const at = clock.instant(this.input.value);
    const why = Number.isNaN(at)
      ? "page-at-none"
      : at <= clock.now()
        ? "page-at-past"
        : "";
    const said = why ? t(why) : this.held;
    write(this.refusal, said);
    if (said) this.input.focus();
    else void this.to(at, this.go);
  }
}

/** The time stands out, what happens then follows. @param {string} title */
function told(title) {
  const dash = title.indexOf(DASH);
  return dash < 0
    ? [el("b", {}, title)]
    : [el("b", {}, title.slice(0, dash)), el("span", {}, title.slice(dash))];
}
