// @ts-check
/** A button of the bot, under a message or under the field: it turns until it is answered. */

import { attribute, el } from "./dom.js";
import { icon } from "./icons.js";
import { webLink } from "./richtext.js";

/**
 * @param {import("./phone.js").Room} room
 * @param {any} button a ButtonView; with an address it is a link
 * @param {{class: string, "data-style": string}} how
 * @param {() => Promise<unknown>} press
 */
export function keyOf(room, button, how, press) {
  const name = el("bdi", { class: "ph-key-label" }, button.label);
  if (button.url) {
    const link = webLink(button.url, room.onDeepLink, how, name, icon("link"));
    if (link) return link;
  }
  const key = el("button", { ...how, type: "button" }, name, el("span", { class: "ph-spinner" }));
  key.addEventListener("click", async () => {
    if (key.getAttribute("aria-busy") === "true") return;
    attribute(key, "aria-busy", "true");
    await press();
    attribute(key, "aria-busy", null);
  });
  return key;
}
