// @ts-check
/** The messages of a chat that the phone knows, and how they gather into bubbles. */

/** Messages of one author that come sooner than this after each other look like one speech. */
const PAUSE = 5 * 60_000;

/**
 * @typedef {{key: string, first: number, last: number, date: string, at: number,
 *   direction: string, messages: Array<any>}} Block messages that make one bubble
 */

export class History {
  /** @param {import("./times.js").SchoolTimes} times */
  constructor(times) {
    this.times = times;
    /** @type {Map<number, {message: any, told: string}>} */
    this.known = new Map();
    /** @type {Array<Block>} sorted as the messages are */
    this.blocks = [];
    this.total = 0;
    this.lastFromBot = 0;
  }

  /** How many messages are known. */
  get count() {
    return this.known.size;
  }

  /** Says whether nothing older is left to ask for. */
  get isWhole() {
    return this.known.size >= this.total;
  }

  /** The oldest message that is known. */
  get oldest() {
    return this.blocks[0]?.first ?? 0;
  }

  /**
   * Takes what a frame of the feed tells of the chat.
   * @param {any} chat
   * @returns {{fresh: number, isAnswered: boolean}} how many messages of the bot are new at the
   *   end, and whether the person has written something new there
   */
  take(chat) {
    const newest = this.blocks.length ? this.blocks[this.blocks.length - 1].last : 0;
    const before = this.known;
    const isCut = !chat.whole && !this.isWhole;
    const oldest = this.oldest;
    if (chat.whole) this.known = new Map();
    let fresh = 0;
    let isAnswered = false;
    for (const message of chat.messages ?? []) {
      // an edit of what lies above everything known: it comes when the reader scrolls there
      if (isCut && message.id < oldest) continue;
      this.#keep(message, before);
      if (message.id <= newest) continue;
      if (message.direction === "out") fresh += 1;
      else isAnswered = true;
    }
    for (const id of chat.gone ?? []) this.known.delete(id);
    this.total = Math.max(chat.total ?? this.total, this.known.size);
    this.#gather();
    return { fresh, isAnswered };
  }

  /**
   * Takes older messages.
   * @param {any} chat a ChatView
   */
  takeOlder(chat) {
    for (const message of chat.messages) {
      if (!this.known.has(message.id)) this.#keep(message, this.known);
    }
    // what was asked for and did not come is not there
    this.total = chat.messages.length ? Math.max(this.total, this.known.size) : this.known.size;
    this.#gather();
  }

  /** @param {number} id @returns {any} the message, undefined where it is not known */
  find(id) {
    return this.known.get(id)?.message;
  }

  /**
   * Finds the block in which a message stands, or would stand.
   * @param {number} id
   */
  placeOf(id) {
    let [low, high] = [0, this.blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.blocks[middle].last < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {number} at @returns {import("./message.js").Place} */
  placing(at) {
    const block = this.blocks[at];
    const [before, after] = [this.blocks[at - 1], this.blocks[at + 1]];
    const answered = block.messages[0].reply_to;
    return {
      isFirst: !before || !together(before, block),
      isLast: !after || !together(block, after),
      isRead: block.last < this.lastFromBot,
      quoted: answered ? this.find(answered) ?? null : null,
    };
  }

  /** @param {any} message @param {Map<number, {message: any, told: string}>} before */
  #keep(message, before) {
    const told = JSON.stringify(message);
    const known = before.get(message.id);
    this.known.set(message.id, known && known.told === told ? known : { message, told });
  }

  #gather() {
    const messages = [...this.known.values()].map((one) => one.message);
    messages.sort((a, b) => a.id - b.id);
    this.blocks = [];
    this.lastFromBot = 0;
    for (const message of messages) {
      if (message.deleted) continue;
      if (message.direction === "out") this.lastFromBot = message.id;
      const open = this.blocks[this.blocks.length - 1];
      if (open && message.album && open.messages[0].album === message.album) {
        open.messages.push(message);
        open.last = message.id;
      } else {
        this.blocks.push({
          key: message.album ? `album ${message.album}` : String(message.id),
          first: message.id,
          last: message.id,
          date: this.times.date(message.at),
          at: Date.parse(message.at),
          direction: message.direction,
          messages: [message],
        });
      }
    }
  }
}

/** @param {Block} one @param {Block} next */
function together(one, next) {
  return (
    one.direction === next.direction && one.date === next.date && next.at - one.at < PAUSE
  );
}
