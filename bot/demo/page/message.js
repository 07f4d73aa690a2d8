// @ts-check
/** One bubble: a message, or the messages of one album. Only what has changed is drawn again. */

import { el, write } from "./dom.js";
import { drawn, icon, portrait } from "./icons.js";
import { InlineKeys } from "./inline.js";
import { media } from "./media.js";
import { richText } from "./richtext.js";
import { label } from "./words.js";

let names = 0;

/**
 * @typedef {{key: string, messages: Array<any>}} Block messages that make one bubble
 * @typedef {{isFirst: boolean, isLast: boolean, isRead: boolean, quoted: any}} Place
 *   where it stands: first or last of a run by one author; `quoted` is what it answers
 */

export class Bubble {
  /**
   * @param {import("./phone.js").Room} room
   * @param {Block} block
   */
  constructor(room, block) {
    this.room = room;
    /** @type {Array<any>} */
    this.messages = [];
    /** @type {Record<string, string>} what each part was drawn from */
    this.drawn = {};
    this.isOwn = block.messages[0].direction === "in";
    const id = `ph-message-${(names += 1)}`;

    this.author = el("span", { class: "ph-hidden", id: `${id}-author` });
    this.time = el("time", { class: "ph-time", id: `${id}-time` });
    this.mark = el("span", { class: "ph-edited", t: "page-phone-edited", hidden: true });
    this.meta = el("span", { class: "ph-meta" }, this.mark, this.time);
    if (this.isOwn) this.meta.append(icon("tick"), icon("ticks"));
    /** @type {HTMLElement | null} */
    this.quote = null;
    this.files = el("div", { class: "ph-files", hidden: true });
    this.words = el("span", { class: "ph-words" });
    this.text = el("div", { class: "ph-text", dir: "auto" }, this.words, this.meta);
    this.keys = new InlineKeys(room);
    this.bubble = el(
      "div",
      { class: "ph-bubble" },
      el("div", { class: "ph-inside" }, this.author, this.files, this.text),
    );
    this.element = el("article", {
      class: `ph-message ${this.isOwn ? "ph-own" : "ph-bots"}`,
      "aria-labelledby": `${id}-author ${id}-time`,
    });
    const column = el("div", { class: "ph-column" }, this.bubble);
    if (room.skin === "vk") {
      if (!this.isOwn) this.element.append(el("div", { class: "ph-avatar" }, portrait()));
      this.bubble.firstElementChild?.append(this.keys.element);
    } else {
      this.bubble.append(tail());
      column.append(this.keys.element);
    }
    this.element.append(column);
  }

  /**
   * Draws what is new in the block.
   * @param {Block} block
   * @param {Place} place
   */
  update(block, place) {
    const classes = this.element.classList;
    classes.toggle("ph-first", place.isFirst);
    classes.toggle("ph-last", place.isLast);
    classes.toggle("ph-read", place.isRead);
    const isSame =
      block.messages.length === this.messages.length &&
      block.messages.every((message, i) => message === this.messages[i]);
    if (!isSame) {
      const isEdit = this.messages.length > 0;
      this.messages = block.messages;
      this.#draw();
      if (isEdit) this.flash();
    }
    this.#drawQuote(place.quoted);
  }

  /** Says its own words in another language; people's words stay. */
  relabel() {
    this.drawn.meta = "";
    if (this.messages.some((one) => one.files.some(isPaper))) this.drawn.files = "";
    this.#draw();
  }

  #draw() {
    const { messages, room } = this;
    const last = messages[messages.length - 1];
    const said = messages.filter((one) => one.text);
    const files = messages.flatMap((one) => one.files);

    this.#part("files", files, () => {
      this.files.replaceChildren(...media(files, room));
      this.files.hidden = !files.length;
    });
    this.#part("text", said.map((one) => [one.text, one.entities]), () => {
      this.words.replaceChildren();
      for (const one of said) {
        if (this.words.firstChild) this.words.append("\n");
        this.words.append(richText(one.text, one.entities ?? [], room.onDeepLink));
      }
    });
    const editedAt = messages.map((one) => one.edited_at).filter(Boolean).pop() ?? null;
    this.#part("meta", [last.at, editedAt], () => this.#drawMeta(last.at, editedAt));
    const holder = messages.find((one) => one.buttons?.rows.length);
    const rows = holder?.buttons.rows ?? [];
    this.#part("keys", [holder?.id, rows], () => this.keys.draw(holder?.id, rows));

    const classes = this.element.classList;
    classes.toggle("ph-with-keys", rows.length > 0);
    classes.toggle("ph-with-files", files.length > 0);
    classes.toggle("ph-with-picture", files.some((one) => one.kind === "photo"));
    classes.toggle("ph-bare", !said.length && files.length > 0 && files.every(isPicture));
    classes.toggle("ph-wordless", !said.length);
  }

  /** @param {string} at @param {string | null} editedAt */
  #drawMeta(at, editedAt) {
    const { room } = this;
    if (this.isOwn) label(this.author, "t", "page-phone-you");
    else write(this.author, room.botName);
    write(this.time, room.times.clock(at));
    this.time.dateTime = at;
    this.mark.hidden = !editedAt;
    if (editedAt) {
      label(this.mark, "tTitle", ["page-phone-edited-at", { time: room.times.clock(editedAt) }]);
    }
  }

  /** @param {any} quoted */
  #drawQuote(quoted) {
    this.#part("quote", quoted ? [quoted.id, quoted.text, quoted.files.length] : null, () => {
      this.quote?.remove();
      this.quote = quoted ? this.#quoteOf(quoted) : null;
      if (this.quote) this.author.after(this.quote);
    });
  }

  /** @param {any} quoted */
  #quoteOf(quoted) {
    const who = el("span", { class: "ph-quote-who" });
    if (quoted.direction === "in") label(who, "t", "page-phone-you");
    else write(who, this.room.botName);
    const what = el("span", { class: "ph-quote-text", dir: "auto" }, quoted.text.slice(0, 200));
    if (!quoted.text) label(what, "t", "page-phone-file");
    const go = { click: () => this.room.goTo(quoted.id) };
    return el("button", { type: "button", class: "ph-quote", on: go }, who, what);
  }

  /** @param {string} name @param {unknown} from @param {() => void} draw */
  #part(name, from, draw) {
    const told = JSON.stringify(from);
    if (this.drawn[name] === told) return;
    this.drawn[name] = told;
    draw();
  }

  /** Lights up for a moment. */
  flash() {
    this.element.classList.remove("ph-changed");
    this.bubble.addEventListener(
      "animationend",
      () => this.element.classList.remove("ph-changed"),
      { once: true },
    );
    // the class comes back in another frame, so that a second edit flashes again without a reflow
    requestAnimationFrame(() => this.element.classList.add("ph-changed"));
  }
}

/** The little horn that shows whose bubble it is. */
function tail() {
  return drawn(
    "svg",
    { class: "ph-tail", viewBox: "0 0 9 18", "aria-hidden": "true" },
    drawn("path", { d: "M0 0C0 8 2 14.5 8.4 17.2 8.9 17.4 8.8 18 8.2 18H0Z" }),
  );
}

/** @param {any} file */
const isPaper = (file) => file.kind === "document";
/** @param {any} file */
const isPicture = (file) => file.kind === "photo" || file.kind === "sticker";
