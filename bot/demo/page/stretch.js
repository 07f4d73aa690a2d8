// @ts-check
/** Which stretch of the history is drawn: from one block to another, never too many messages. */

const FIRST = 60;
export const MOST = 120;
export const STEP = 24;

export class Stretch {
  /** @param {import("./history.js").History} history */
  constructor(history) {
    this.history = history;
    this.start = 0;
    this.end = 0;
  }

  /** The blocks that are drawn. */
  get blocks() {
    return this.history.blocks.slice(this.start, this.end);
  }

  /** Says whether the last message is among them. */
  get isAtEnd() {
    return this.end >= this.history.blocks.length;
  }

  /**
   * Changes the history and goes on showing the same messages of it.
   * @template T
   * @param {() => T} change
   * @returns {T}
   */
  across(change) {
    const { history, isAtEnd } = this;
    const from = history.blocks[this.start]?.first ?? 0;
    const to = history.blocks[this.end - 1]?.last ?? 0;
    const changed = change();
    this.start = history.placeOf(from);
    this.end = isAtEnd ? history.blocks.length : history.placeOf(to) + 1;
    this.#cutEnd();
    return changed;
  }

  /** Shows the end; what is drawn already stays while there is room. @param {boolean} isFresh */
  toEnd(isFresh) {
    this.end = this.history.blocks.length;
    const few = this.#back(this.end, FIRST);
    this.start = isFresh ? few : Math.min(this.start, few);
    this.#cutStart();
  }

  /** Shows more of what is older; says whether there was any. */
  older() {
    if (!this.start) return false;
    this.start = Math.max(0, this.start - STEP);
    this.#cutEnd();
    return true;
  }

  /** Shows more of what is newer. */
  newer() {
    this.end = Math.min(this.history.blocks.length, this.end + STEP);
    this.#cutStart();
  }

  /** Shows a block, with what stands around it. @param {number} at */
  around(at) {
    if (at >= this.start && at < this.end) return;
    this.start = Math.max(0, at - STEP);
    this.end = this.history.blocks.length;
    this.#cutEnd();
  }

  #cutStart() {
    this.start = Math.max(this.start, this.#back(this.end, MOST));
  }

  #cutEnd() {
    const { blocks } = this.history;
    let count = 0;
    let at = this.start;
    while (at < this.end && at < blocks.length) {
      count += blocks[at].messages.length;
      if (count > MOST && at > this.start) break;
      at += 1;
    }
    this.end = at;
  }

  /** @param {number} end @param {number} count of messages */
  #back(end, count) {
    let left = count;
    let at = end;
    while (at > 0 && left > 0) {
      at -= 1;
      left -= this.history.blocks[at].messages.length;
    }
    return at;
  }
}
