// @ts-check
/** Rows that know their own: a list redrawn each second keeps its elements, focus and scroll. */

/**
 * @template Item
 */
export class Rows {
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} place
   * @param {{key: (item: Item) => string, make: (item: Item) => HTMLElement, fill: (row: any, item: Item) => void}} how
   */
  constructor(place, how) {
    this.place = place;
    this.how = how;
  }

  /**
   * Show these items in this order.
   * @param {Item[]} items
   */
  show(items) {
    const wanted = new Set(items.map((item) => this.how.key(item)));
    for (const [key, row] of this.#rows) {
      if (!wanted.has(key)) {
        row.remove();
        this.#rows.delete(key);
      }
    }
    let before = this.place.firstElementChild;
    for (const item of items) {
      const key = this.how.key(item);
      let row = this.#rows.get(key);
      if (row === undefined) {
        row = this.how.make(item);
        this.#rows.set(key, row);
      }
      this.how.fill(row, item);
      if (row === before) before = before.nextElementSibling;
      else this.place.insertBefore(row, before);
    }
  }

  clear() {
    this.#rows.clear();
    this.place.replaceChildren();
  }
}
