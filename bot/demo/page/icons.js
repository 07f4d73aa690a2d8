// @ts-check
/** The phone's drawings: small outlined icons and the bot's portrait. */

const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a field of 24 by 24. */
const OUTLINES = {
  more: "M12 5.5h.01M12 12h.01M12 18.5h.01",
  clip: "M20 11.5 12.2 19.3a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.7-7.6",
  plus: "M12 5v14M5 12h14",
  send: "M4 12 3.5 4.5 21 12 3.5 19.5 4 12Zm0 0h9",
  mic: "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3ZM6 11.5a6 6 0 0 0 12 0M12 17.5V21",
  keys: "M5 4.5h5.5V10H5zM13.5 4.5H19V10h-5.5zM5 14h5.5v5.5H5zM13.5 14H19v5.5h-5.5z",
  fold: "M5 9l7 7 7-7",
  down: "M12 5v13M6 12.5l6 6 6-6",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  stop: "M7 7h10v10H7z",
  cross: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  bin: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 11v5M13.5 11v5",
  file: "M7 3.5h6.5L18 8v12.5H7zM13.5 3.5V8H18",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4L15 13l5 5M15.5 9.5h.01",
  pictures: "M7.5 3.5h13v13h-13zM7.5 14l4-4 5 5.5M3.5 7.5v13h13",
  wave: "M4 10v4M8 6.5v11M12 9v6M16 4.5v15M20 10v4",
  note: "M9 18V5.5L19 4v12.5M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0ZM19 16.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z",
  save: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  link: "M5.5 18.5l13-13M8.5 5.5h10v10",
  left: "M14.5 5 8 12l6.5 7",
  right: "M9.5 5 16 12l-6.5 7",
  block: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM6 6l12 12",
  open: "M5 12.5l4.5 4.5L19 7.5",
  up: "M12 19V6M6 11.5l6-6 6 6",
  ticks: "M2.5 12.8l4 4L14.5 8M11.5 15.8l1 1L20.5 8",
  tick: "M6.5 12.8l4 4L18.5 8",
};

const SOLID = new Set(["play", "stop"]);

/**
 * Draws an icon in the colour of the text around it.
 * @param {keyof typeof OUTLINES} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const outline = drawn("path", { d: OUTLINES[name] });
  return drawn(
    "svg",
    {
      class: SOLID.has(name) ? "ph-icon ph-icon-solid" : "ph-icon",
      viewBox: "0 0 24 24",
      "aria-hidden": "true",
      focusable: "false",
    },
    outline,
  );
}

/**
 * Draws the bot: the red armband of whoever is on duty, with a tick on it.
 * @returns {SVGElement}
 */
export function portrait() {
  return drawn(
    "svg",
    { class: "ph-portrait", viewBox: "0 0 48 48", "aria-hidden": "true", focusable: "false" },
    drawn("circle", { class: "ph-portrait-sleeve", cx: 24, cy: 24, r: 24 }),
    drawn("path", { class: "ph-portrait-shade", d: "M32 1.4A24 24 0 0 1 48 24 24 24 0 0 1 30 47.2Q37 24 32 1.4Z" }),
    drawn(
      "g",
      { transform: "rotate(-9 24 24)" },
      drawn("path", { class: "ph-portrait-band", d: "M-3 13Q24 19 51 13V34.5Q24 40.5-3 34.5Z" }),
      drawn("path", { class: "ph-portrait-fold", d: "M33.5 16.1 51 13V34.5L34 38Q36 27 33.5 16.1Z" }),
      drawn("path", { class: "ph-portrait-seam", d: "M-3 15.8Q24 21.8 51 15.8M-3 31.7Q24 37.7 51 31.7" }),
    ),
    drawn("path", { class: "ph-portrait-tick", d: "M16.4 26.6l5.4 5.2 9.4-11" }),
  );
}

/**
 * Makes an element of a drawing.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Element} children
 * @returns {SVGElement}
 */
export function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}
