// @ts-check
/** Leads the eye and the focus to a phone, to the clock or behind the glass. */

import { byId } from "./dom.js";
import { speakOut } from "./notices.js";
import { briefly } from "./people.js";
import { t } from "./words.js";

/**
 * @typedef {{layout: import("./layout.js").Layout, slots: import("./slot.js").Slot[], glass: () => import("./glass.js").Glass}} Places
 */

/**
 * Point at where something can be tried: the phone of somebody in that role, or the clock.
 * @param {Places} places
 * @param {"phone" | "slip" | "clock"} at
 * @param {string} role
 */
export function pointAt({ layout, slots }, at, role) {
  const slot = slots.find((one) => one.person?.roles.includes(role)) ?? slots[0];
  const isClock = at === "clock";
  const target = isClock ? byId("clock") : slot.root;
  layout.show(isClock ? "clock" : slot.root.id);
  target.classList.remove("is-pointed");
  requestAnimationFrame(() => target.classList.add("is-pointed"));
  const over = () => target.classList.remove("is-pointed");
  target.addEventListener("animationend", over, { once: true });
  if (isClock) byId("clock-next").focus();
  else if (at === "slip" && !slot.slip.paper.hidden) slot.slip.link.focus();
  else slot.focus();
  if (!isClock && slot.person) speakOut(t("page-pointed", { name: briefly(slot.person) }));
}

/**
 * Go where Alt and a digit lead.
 * @param {Places} places
 * @param {number} number the phones first, then the clock, then the glass
 */
export function goTo({ layout, slots, glass }, number) {
  if (number <= slots.length) {
    layout.show(`slot-${number}`);
    slots[number - 1].focus();
  } else if (number === slots.length + 1) {
    layout.show("clock");
    byId("clock-next").focus();
  } else {
    layout.openGlass(true);
    glass().choose(glass().current, { focus: true });
  }
}
