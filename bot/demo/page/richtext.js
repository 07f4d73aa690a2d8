// @ts-check
/** Turns the words of a message into nodes: bold and the like, and links that can be followed. */

import { el } from "./dom.js";

const ADDRESS = /https?:\/\/[^\s<>"«»]+/giu;
const CLOSING = /[.,;:!?)\]}'…]+$/u;
const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
  blockquote: "q",
  expandable_blockquote: "q",
};
const START = { "t.me": ["telegram", "start"], "vk.me": ["vk", "ref"], "vk.com": ["vk", "ref"] };

/**
 * Writes a text with its entities (offsets count UTF-16 units).
 * @param {string} text
 * @param {Array<{type: string, offset: number, length: number, url?: string}>} entities
 * @param {(link: {messenger: string, payload: string}) => void} onDeepLink
 * @returns {DocumentFragment}
 */
export function richText(text, entities, onDeepLink) {
  const marks = [...entities, ...addresses(text, entities)].filter(
    (one) => one.length > 0 && one.offset >= 0 && one.offset + one.length <= text.length,
  );
  const cuts = new Set([0, text.length]);
  for (const one of marks) cuts.add(one.offset).add(one.offset + one.length);
  const edges = [...cuts].sort((a, b) => a - b);
  const written = document.createDocumentFragment();
  for (let at = 0; at + 1 < edges.length; at += 1) {
    const [start, end] = [edges[at], edges[at + 1]];
    const over = marks.filter((one) => one.offset <= start && one.offset + one.length >= end);
    written.append(marked(text.slice(start, end), text, over, onDeepLink));
  }
  return written;
}

/**
 * Makes a link that can be followed, or null where the address is none of the web's.
 * @param {string} address
 * @param {(link: {messenger: string, payload: string}) => void} onDeepLink
 * @param {Record<string, any>} [how]
 * @param {...Node} children
 * @returns {HTMLAnchorElement | null}
 */
export function webLink(address, onDeepLink, how = {}, ...children) {
  const url = webAddress(address);
  if (!url) return null;
  const link = el(
    "a",
    { ...how, href: url.href, target: "_blank", rel: "noopener noreferrer" },
    ...children,
  );
  const inside = deepLink(url);
  if (inside) {
    link.addEventListener("click", (/** @type {Event} */ event) => {
      event.preventDefault();
      onDeepLink(inside);
    });
  }
  return link;
}

/** @param {string} address */
function webAddress(address) {
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null; // not an address at all: it stays plain text
  }
}

/** @param {URL} url */
function deepLink(url) {
  const known = START[/** @type {keyof typeof START} */ (url.hostname)];
  const payload = known && url.searchParams.get(known[1]);
  return payload ? { messenger: known[0], payload } : null;
}

/** Finds the addresses that stand in the text as they are. */
function addresses(/** @type {string} */ text, /** @type {Array<any>} */ entities) {
  const found = [];
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(CLOSING, "");
    const offset = match.index ?? 0;
    const taken = entities.some(
      (one) => one.url && one.offset < offset + address.length && offset < one.offset + one.length,
    );
    if (!taken) found.push({ type: "url", offset, length: address.length, url: address });
  }
  return found;
}

/**
 * @param {string} piece @param {string} text @param {Array<any>} over
 * @param {(link: {messenger: string, payload: string}) => void} onDeepLink
 * @returns {Node}
 */
function marked(piece, text, over, onDeepLink) {
  /** @type {Node} */
  let node = document.createTextNode(piece);
  for (const one of [...over].sort((a, b) => a.length - b.length)) {
    const tag = TAGS[/** @type {keyof typeof TAGS} */ (one.type)];
    if (tag) {
      node = el(tag, one.type === "pre" ? { class: "ph-pre" } : {}, node);
    } else if (one.type === "bot_command" || one.type === "spoiler") {
      node = el("span", { class: `ph-${one.type.replace("bot_", "")}` }, node);
    } else if (one.type === "text_link" || one.type === "url") {
      const address = one.url ?? text.slice(one.offset, one.offset + one.length);
      node = webLink(address, onDeepLink, {}, node) ?? node;
    }
  }
  return node;
}
