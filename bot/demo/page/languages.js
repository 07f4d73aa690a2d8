// @ts-check
/** The switch of the page's language: everything says its words again, nothing is reloaded. */

import { api } from "./api.js";
import { attribute } from "./dom.js";
import { keep } from "./memory.js";
import { once } from "./notices.js";
import { language, speak } from "./words.js";

/**
 * @param {import("./people.js").Roster} roster what the server says about people is in a language, too
 * @param {() => void} onSpoken
 */
export function listenToLanguages(roster, onSpoken) {
  for (const button of document.querySelectorAll("[data-language]")) {
    const chosen = button.getAttribute("data-language") ?? "ru";
    button.addEventListener("click", () => {
      void once(button, async () => {
        const [words, state] = await Promise.all([api.words(chosen), api.state(chosen)]);
        keep("language", chosen);
        roster.retell(state.people);
        speak(chosen, words);
        onSpoken();
      });
    });
  }
}

/** Show which language is spoken. */
export function drawLanguages() {
  for (const button of document.querySelectorAll("[data-language]")) {
    const isSpoken = button.getAttribute("data-language") === language();
    attribute(button, "aria-pressed", String(isSpoken));
  }
}
