// @ts-check
/** Makes elements; whatever people wrote goes in as text, never as markup. */

import { label } from "./words.js";

/**
 * @typedef {string | Node | null | false | undefined} Child
 * @typedef {Record<string, any>} Props `class`, `on` (listeners), `t…` (words, see words.js) and
 *   attributes by name; true writes an empty attribute, null and false none.
 */

const SVG = "http://www.w3.org/2000/svg";
const WORDS = ["t", "tLabel", "tTitle", "tPlaceholder"];

/**
 * Make an element.
 * @param {string} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {any}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (WORDS.includes(name)) {
      label(node, name, value);
    } else {
      attribute(node, name, value);
    }
  }
  node.append(
    ...children.filter((child) => child !== null && child !== false && child !== undefined),
  );
  return node;
}

/**
 * Write an attribute only if it is another: a page that stands still is left alone.
 * @param {Element} node
 * @param {string} name
 * @param {any} value
 */
export function attribute(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const written = value === true ? "" : String(value);
  if (node.getAttribute(name) !== written) node.setAttribute(name, written);
}

/**
 * Write a text only if it is another.
 * @param {Node} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Find an element of the page that index.html is known to have.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no #${id}`);
  return found;
}

/** Pictures of one stroke, on a 20 × 20 grid. */
const STROKES = {
  down: "M5 8l5 5 5-5",
  close: "M5 5l10 10M15 5L5 15",
  pause: "M7 5v10M13 5v10",
  next: "M5 5l7 5-7 5zM15 5v10",
  slip: "M5 3h7l3 3v11H5zM12 3v3h3M7.5 10h5M7.5 13h3",
  glass:
    "M10 4.5c4 0 6.5 3.2 7.5 5.5-1 2.3-3.5 5.5-7.5 5.5S3.5 12.3 2.5 10c1-2.3 3.5-5.5 7.5-5.5zM10 7.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z",
  bolt: "M11 2.5L4.5 11.5H9.5L9 17.5l6.5-9H10.5z",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M4.2 15.8l1.4-1.4M14.4 5.6l1.4-1.4",
  moon: "M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5z",
  clock: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 6v4.3l3 1.7",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  telegram: "M17.5 3.5L2.5 9.2l4.7 1.9L15 6 8.8 12.2v4.3l2.5-2.9 3.4 2.6z",
  vk: "M2.5 6.5l3.3 7.3 3.3-7.300M12 6.500v7.300M17.3 6.500l-5 3.8 5.2 3.5",
};

/**
 * Draw an icon; what it stands beside says it in words.
 * @param {keyof typeof STROKES} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}
