// @ts-check
/** The feed: what has changed in the sandbox, as it comes, and the world as it is now. */

/**
 * @typedef {import("./api.js").Messenger} Messenger
 * @typedef {{messenger: Messenger, chat_id: number}} Watched
 * @typedef {{id: number, number: number, [more: string]: any}} MessageView
 * @typedef {{messenger: Messenger, id: number, messages: MessageView[], gone?: number[], whole?: boolean, started?: boolean, unread?: number, [more: string]: any}} ChatView
 * @typedef {{version: number, now: string, rate: number, jump_to: string | null, followed: boolean}} ClockView
 * @typedef {{chats?: ChatView[], unread?: Record<string, number>, clock?: ClockView, faults?: any[], mail_faults?: any[], letters?: number, calls?: number, host?: any}} Frame
 */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;
const KEPT = 400;

/**
 * Name a chat as the feed's map of unread messages does.
 * @param {Messenger} messenger
 * @param {number} chatId
 */
export const chatKey = (messenger, chatId) => `${messenger}:${chatId}`;

/** The world as the frames have told it so far. */
export class World {
  constructor() {
    /** @type {Map<string, ChatView>} */
    this.chats = new Map();
    /** @type {Record<string, number>} */
    this.unread = {};
    /** @type {ClockView | null} */
    this.clock = null;
    /** @type {any[]} */
    this.faults = [];
    /** @type {any[]} */
    this.mailFaults = [];
    this.letters = 0;
    this.calls = 0;
    /** @type {any} */
    this.host = null;
  }

  /** @param {Frame} frame */
  take(frame) {
    for (const chat of frame.chats ?? []) this.#chat(chat);
    if (frame.unread) this.unread = frame.unread;
    if (frame.clock) this.clock = frame.clock;
    if (frame.faults) this.faults = frame.faults;
    if (frame.mail_faults) this.mailFaults = frame.mail_faults;
    if (frame.letters !== undefined) this.letters = frame.letters;
    if (frame.calls !== undefined) this.calls = frame.calls;
    if (frame.host !== undefined) this.host = frame.host;
  }

  /** Forget the chats that are no longer watched. @param {Set<string>} watched */
  keep(watched) {
    for (const key of this.chats.keys()) if (!watched.has(key)) this.chats.delete(key);
  }

  /** @param {ChatView} told */
  #chat(told) {
    const key = chatKey(told.messenger, told.id);
    const known = this.chats.get(key);
    if (known === undefined && !told.whole) return; // of a chat that is no longer watched
    if (told.whole || known === undefined) {
      this.chats.set(key, { ...told, messages: [...(told.messages ?? [])], gone: [] });
      return;
    }
    const gone = new Set(told.gone ?? []);
    const messages = new Map(known.messages.map((one) => [one.id, one]));
    for (const one of told.messages ?? []) messages.set(one.id, one);
    const standing = [...messages.values()].filter((one) => !gone.has(one.id));
    standing.sort((a, b) => a.id - b.id);
    this.chats.set(key, { ...known, ...told, messages: standing.slice(-KEPT), gone: [] });
  }
}

/** The socket: it comes back by itself and asks for the same chats again. */
export class Feed {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Watched[]} */
  #watched = [];
  #failures = 0;

  /**
   * @param {{onFrame: (frame: Frame) => void, onOpen: (again: boolean) => void, onLost: (failures: number) => void}} how
   */
  constructor(how) {
    this.how = how;
    this.opened = false;
  }

  /** Connect, and go on connecting. */
  start() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/control/feed`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#ask();
      this.how.onOpen(this.opened);
      this.opened = true;
    });
    socket.addEventListener("message", (event) => {
      this.#failures = 0;
      this.how.onFrame(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => this.#lost());
  }

  /**
   * Say which chats are on the phones now.
   * @param {Watched[]} chats
   */
  watch(chats) {
    this.#watched = chats;
    this.#ask();
  }

  #ask() {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify({ watch: this.#watched }));
    }
  }

  #lost() {
    this.#failures += 1;
    this.how.onLost(this.#failures);
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#failures - 1));
    setTimeout(() => this.start(), pause * (0.8 + Math.random() * 0.4));
  }
}
