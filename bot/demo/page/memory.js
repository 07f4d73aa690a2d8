// @ts-check
/** What the page remembers of its visitor, in this browser only: language, light, what is folded. */

const PREFIX = "dezhurny.";

/**
 * Recall something; null where nothing is kept, or where the browser keeps nothing.
 * @param {string} name
 * @param {Storage} [where]
 * @returns {string | null}
 */
export function recall(name, where = localStorage) {
  try {
    return where.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/**
 * Keep something, where the browser lets us.
 * @param {string} name
 * @param {string} value
 * @param {Storage} [where]
 */
export function keep(name, value, where = localStorage) {
  try {
    where.setItem(PREFIX + name, value);
  } catch {
    // A private window may refuse: the page then forgets, which harms nobody.
  }
}
