// @ts-check
/** What the page says of itself: toasts for refusals, a spoken line, and one press at a time. */

import { ApiError } from "./api.js";
import { byId, el, icon, write } from "./dom.js";
import { t } from "./words.js";

const TOAST_MS = 7000;
const MOST_TOASTS = 3;

const REASONS = /** @type {Record<number, string>} */ ({
  0: "page-error-unreachable",
  400: "page-error-refused",
  403: "page-error-blocked",
  404: "page-error-unknown",
  409: "page-error-conflict",
  413: "page-error-large",
  503: "page-error-starting",
  504: "page-error-slow",
});

/**
 * Tell a refusal in one sentence of the visitor's language.
 * @param {unknown} error
 */
export function tellError(error) {
  const known = error instanceof ApiError;
  const key = (known && REASONS[error.status]) || "page-error-server";
  toast(t(key), known ? error.reason : String(error));
  if (!known) console.error(error);
}

/**
 * Show a sentence for a while.
 * @param {string} text
 * @param {string} [more] what a developer may want to read, as a tooltip
 */
export function toast(text, more) {
  const place = byId("toasts");
  for (const old of [...place.children]) {
    if (old.firstElementChild?.textContent === text) old.remove();
  }
  while (place.children.length >= MOST_TOASTS) place.firstElementChild?.remove();
  const shown = el(
    "div",
    { class: "toast", title: more },
    el("p", {}, text),
    el(
      "button",
      { type: "button", class: "quiet", tLabel: "page-close", on: { click: () => shown.remove() } },
      icon("close"),
    ),
  );
  place.append(shown);
  setTimeout(() => shown.remove(), TOAST_MS);
}

/**
 * Say something to whoever listens instead of looking.
 * @param {string} text
 */
export function speakOut(text) {
  write(byId("spoken"), text);
}

/** @type {WeakSet<Element>} */
const busy = new WeakSet();

/**
 * Do what a control asks for, once: a second press while the first is under way does nothing.
 * @template T
 * @param {Element} control
 * @param {() => Promise<T>} act
 * @returns {Promise<T | null>} null where it was refused (and told) or is under way already
 */
export async function once(control, act) {
  if (busy.has(control)) return null;
  busy.add(control);
  control.classList.add("is-busy");
  try {
    return await act();
  } catch (error) {
    tellError(error);
    return null;
  } finally {
    busy.delete(control);
    control.classList.remove("is-busy");
  }
}
