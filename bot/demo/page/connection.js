// @ts-check
/** The line to the sandbox: the feed, what the page says while it is lost, and a new run of it. */

import { api } from "./api.js";
import { byId, write } from "./dom.js";
import { Feed } from "./feed.js";
import { language, t } from "./words.js";

const MANY_FAILURES = 4;

/**
 * Connect to the sandbox, for as long as the page is open.
 * @param {string} run what tells this run of the demonstration from another
 * @param {{onFrame: (frame: import("./feed.js").Frame) => void, onLost: () => void}} how
 * @returns {Feed}
 */
export function connect(run, { onFrame, onLost }) {
  const lost = byId("lost");
  return new Feed({
    onFrame,
    onOpen: (again) => {
      lost.hidden = true;
      if (again) void reloadIfOther(run);
    },
    onLost: (failures) => {
      lost.hidden = false;
      write(lost, t(failures >= MANY_FAILURES ? "page-gone" : "page-lost"));
      onLost();
    },
  });
}

/**
 * Tell one run of the demonstration from another: each has codes of its own.
 * @param {{people: {code: string | null}[]}} state
 * @returns {string} empty while the school is not loaded
 */
export function runOf(state) {
  return state.people.find((one) => one.code)?.code ?? "";
}

/** Nothing on the page is true of another run. @param {string} run */
async function reloadIfOther(run) {
  const state = await api.state(language()).catch(() => null);
  if (state !== null && runOf(state) !== run) location.reload();
}
