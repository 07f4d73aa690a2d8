// @ts-check
/** A person's phone with the chat with the bot open, as their messenger would draw it. */

import { wired } from "./attachment.js";
import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { Drop } from "./drop.js";
import { Header } from "./header.js";
import { Messages } from "./messages.js";
import { tellError } from "./notices.js";
import { Stops } from "./stops.js";
import { SchoolTimes } from "./times.js";
import { Toast } from "./toast.js";
import { label } from "./words.js";

const CAPTION_LIMIT = { telegram: 1024, vk: 4096 };
let phones = 0;

/**
 * @typedef {import("./attachment.js").Attachment} Attachment
 * @typedef {{words: string, act: () => unknown}} Offer a button beside what is said, `words` a key
 */

/**
 * What the parts of a phone know of it and do through it.
 * @typedef {object} Room
 * @property {"telegram" | "vk"} skin
 * @property {string} botName
 * @property {import("./api.js").Api} api
 * @property {(key: string, params?: object) => string} t
 * @property {SchoolTimes} times
 * @property {() => string} now the school's clock, ISO
 * @property {(link: {messenger: any, payload: string}) => void} onDeepLink
 * @property {(text: string) => Promise<boolean>} say
 * @property {(button: {label?: string, data?: string, message_id?: number}) => Promise<void>} press
 *   resolves when the bot has answered
 * @property {(files: Array<Attachment>, asFile: boolean, caption: string) => Promise<boolean>} sendFiles
 * @property {(before: number, last: number) => Promise<any>} older
 * @property {() => void} looked the end of the chat is on the screen
 * @property {(id: number) => void} goTo
 * @property {(words: string, params?: object, offer?: Offer) => void} aloud
 */

export class Phone {
  /**
   * @param {HTMLElement} frame an empty element that the phone fills
   * @param {{api: import("./api.js").Api, t: (key: string, params?: any) => string,
   *   onDeepLink: (link: {messenger: any, payload: string}) => void}} how
   */
  constructor(frame, how) {
    this.frame = frame;
    this.how = how;
    this.id = `ph-${(phones += 1)}`;
    this.times = new SchoolTimes();
    this.clock = { now: new Date(0).toISOString(), told: 0, rate: 0 };
    /** @type {{person: any, messenger: "telegram" | "vk", userId: number} | undefined} */
    this.whose = undefined;
    /** @type {any} what is known of the chat, without its messages */
    this.chat = {};
    /** Acts of one phone go one after another. @type {Promise<unknown>} */
    this.queue = Promise.resolve();
    /** @type {Room | undefined} */
    this.room = undefined;
    /** @type {Header | undefined} */
    this.header = undefined;
    /** @type {Messages | undefined} */
    this.messages = undefined;
    /** @type {Composer | undefined} */
    this.composer = undefined;
    /** @type {Stops | undefined} */
    this.stops = undefined;
    /** @type {Toast | undefined} */
    this.toast = undefined;
    this.isOnScreen = true;
    this.watcher = new IntersectionObserver(([entry]) => {
      this.isOnScreen = entry.isIntersecting;
      if (this.isOnScreen && this.messages?.isStuck) this.#looked();
    });
    this.watcher.observe(frame);
    this.onVisible = () => this.messages?.isStuck && this.#looked();
    document.addEventListener("visibilitychange", this.onVisible);
  }

  /**
   * Gives the phone to somebody.
   * @param {{person: any, messenger: "telegram" | "vk", userId: number, botName: string,
   *   botUsername: string}} whose
   */
  show(whose) {
    const draft = this.#draftOf(whose);
    this.#leave();
    this.whose = whose;
    this.chat = {};
    this.queue = Promise.resolve();
    this.#build(this.#room(whose));
    if (draft) this.composer?.insert(draft);
  }

  /**
   * Takes a chat of a feed's frame, whole or what has changed in it.
   * @param {any} chat
   */
  update(chat) {
    const { whose } = this;
    if (!whose || chat.id !== whose.userId || chat.messenger !== whose.messenger) return;
    const { messages: _messages, gone: _gone, whole: _whole, ...rest } = chat;
    Object.assign(this.chat, rest);
    this.messages?.update(chat);
    if (chat.typing !== undefined) this.header?.setTyping(chat.typing);
    if (chat.keyboard !== undefined) this.composer?.setKeyboard(chat.keyboard);
    this.stops?.update({
      isBlocked: this.chat.blocked === true,
      isEmpty: this.messages?.history.total === 0,
    });
  }

  /** @param {{now: string, rate: number}} clock */
  setClock({ now, rate }) {
    this.clock = { now, rate, told: performance.now() };
    this.times.learn(now);
  }

  /** Says its own words in the page's present language; scroll and field stay. */
  relabel() {
    this.messages?.relabel();
  }

  /** Puts text into the field. @param {string} text */
  insert(text) {
    if (!this.composer) return;
    if (this.composer.field.value !== text) this.composer.insert(text);
    else this.composer.field.focus({ preventScroll: true });
    if (this.stops?.isClosed) this.room?.aloud("page-phone-start-first");
  }

  focus() {
    (this.stops?.button ?? this.composer?.field)?.focus({ preventScroll: true });
  }

  destroy() {
    this.#leave();
    this.watcher.disconnect();
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  #leave() {
    this.composer?.clear();
    this.messages?.destroy();
    this.frame.replaceChildren();
    this.whose = undefined;
    this.room = undefined;
    this.header = undefined;
    this.messages = undefined;
    this.composer = undefined;
    this.stops = undefined;
    this.toast = undefined;
  }

  /** What is written and not sent stays when the same chat is shown again. @param {any} whose */
  #draftOf(whose) {
    const isSame =
      this.whose?.userId === whose.userId && this.whose?.messenger === whose.messenger;
    return isSame ? this.composer?.field.value ?? "" : "";
  }

  /** @param {Room} room */
  #build(room) {
    this.room = room;
    this.header = new Header(room, this.id, {
      onBlock: () => this.#act(() => room.api.block(room.skin, this.#userId)),
      onUnblock: () => this.#act(() => room.api.unblock(room.skin, this.#userId)),
      onFirst: () => this.messages?.goToStart(),
      isBlocked: () => this.chat.blocked === true,
    });
    this.messages = new Messages(room);
    this.composer = new Composer(room, this.id);
    this.stops = new Stops(room, this.composer, this.messages.empty, {
      onStart: () => this.#act(() => room.api.openLink(room.skin, this.#userId, "")),
      onUnblock: () => this.#act(() => room.api.unblock(room.skin, this.#userId)),
    });
    const foot = el(
      "div",
      { class: "ph-foot" },
      this.composer.element,
      this.stops.element,
      this.composer.keyboard.element,
    );
    const parts = [this.header.element, this.messages.element, foot];
    this.toast = new Toast(() => parts);
    this.messages.element.append(this.toast.line);
    const log = this.messages.scroller;
    const root = el(
      "div",
      {
        class: "ph-phone",
        "data-skin": room.skin,
        role: "group",
        on: {
          focusin: () => log.setAttribute("aria-live", "polite"),
          focusout: () => log.setAttribute("aria-live", "off"),
        },
      },
      ...parts,
      this.toast.box,
    );
    label(root, "tLabel", [`page-phone-chat-${room.skin}`, { name: room.botName }]);
    new Drop(root, (files) => this.#dropped(files));
    this.frame.append(root);
  }

  /** @param {{messenger: "telegram" | "vk", userId: number, botName: string}} whose @returns {Room} */
  #room({ messenger, userId, botName }) {
    const { api, t, onDeepLink } = this.how;
    return {
      skin: messenger,
      botName: botName || t("page-phone-bot"),
      api,
      t,
      times: this.times,
      now: () => this.#now(),
      onDeepLink,
      say: (text) => this.#act(() => api.say(messenger, userId, text)),
      press: (button) => this.#press(button),
      sendFiles: (files, asFile, caption) =>
        this.#act(() => this.#sendFiles(files, asFile, caption)),
      older: (before, last) =>
        api.before(messenger, userId, before, last).catch((/** @type {unknown} */ error) => {
          tellError(error);
          return null;
        }),
      looked: () => this.#looked(),
      goTo: (id) => this.messages?.goTo(id),
      aloud: (words, params, offer) =>
        this.toast?.show(t(words, params), offer && { ...offer, words: t(offer.words) }),
    };
  }

  get #userId() {
    return this.whose?.userId ?? 0;
  }

  #now() {
    const { now, rate, told } = this.clock;
    const at = Date.parse(now) + (performance.now() - told) * rate;
    return new Date(at).toISOString();
  }

  /** Does one thing after another; a refusal is told. @param {() => Promise<unknown>} act */
  #act(act) {
    const done = this.queue.then(act).then(
      () => true,
      (error) => {
        tellError(error);
        return false;
      },
    );
    this.queue = done;
    return done;
  }

  /** @param {{label?: string, data?: string, message_id?: number}} button */
  async #press(button) {
    const { room } = this;
    if (!room) return;
    try {
      const { press } = await room.api.press(room.skin, this.#userId, button);
      if (!press) return;
      const told = await room.api.pressAnswered(press.id);
      if (!told.answer || this.room !== room) return;
      if (told.alert) this.toast?.alert(told.answer);
      else this.toast?.show(told.answer);
    } catch (error) {
      tellError(error);
    }
  }

  /**
   * Sends files; a caption that the messenger would not take goes as a message after them.
   * @param {Array<Attachment>} files
   * @param {boolean} asFile @param {string} caption
   */
  async #sendFiles(files, asFile, caption) {
    const { room } = this;
    if (!room) return;
    const wire = [];
    for (const file of files) wire.push(await wired(file, asFile));
    const isLong = caption.length > CAPTION_LIMIT[room.skin];
    await room.api.sendFiles(room.skin, this.#userId, wire, isLong ? "" : caption);
    if (isLong) await room.api.say(room.skin, this.#userId, caption);
  }

  /** @param {Array<File>} files */
  #dropped(files) {
    if (this.stops?.isClosed) this.room?.aloud("page-phone-start-first");
    else void this.composer?.attach.take(files);
  }

  #looked() {
    const { room } = this;
    if (!room || !this.chat.unread || !this.isOnScreen || document.hidden) return;
    this.chat.unread = 0;
    room.api.seen(room.skin, this.#userId).catch(tellError);
  }
}
