// @ts-check
/** The keyboard's short ways, and the dialog that tells of them. */

import { byId } from "./dom.js";

/**
 * @param {(number: number) => void} go where Alt and a digit lead: 1 to 3 the phones, 4 the clock,
 *   5 the glass
 */
export function listenToKeys(go) {
  const help = byId("help");
  byId("help-button").addEventListener("click", () => help.showModal());
  // A press on the dimmed page is a press on the dialog itself, not on anything in it.
  help.addEventListener(
    "click",
    (/** @type {Event} */ event) => event.target === help && help.close(),
  );
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || help.open) return;
    const digit = /^Digit([1-5])$/.exec(event.code)?.[1];
    if (!digit) return;
    event.preventDefault();
    go(Number(digit));
  });
}
