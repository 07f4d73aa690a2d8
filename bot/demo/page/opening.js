// @ts-check
/** Before the page is there: which language is wanted, and waiting until the school is loaded. */

import { api, ApiError } from "./api.js";
import { byId } from "./dom.js";
import { recall } from "./memory.js";
import { speak, t } from "./words.js";

const PATIENCE_MS = 700;

/** Speak the language that is asked for, remembered, or the browser's own. */
export async function greet() {
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = (asked ?? recall("language") ?? navigator.language).toLowerCase();
  const chosen = wanted.startsWith("ru") ? "ru" : "en";
  for (;;) {
    try {
      speak(chosen, await api.words(chosen));
      return chosen;
    } catch (error) {
      await pause(error);
    }
  }
}

/** Ask until the school is loaded: the page is served before it is. @param {string} language */
export async function whenReady(language) {
  for (;;) {
    try {
      const state = await api.state(language);
      if (state.ready) return state;
      byId("boot").textContent = t("page-boot");
      await pause(null);
    } catch (error) {
      byId("boot").textContent = t("page-gone");
      await pause(error);
    }
  }
}

/** @param {unknown} error what is no refusal of the server goes on */
async function pause(error) {
  if (error !== null && !(error instanceof ApiError)) throw error;
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
}
