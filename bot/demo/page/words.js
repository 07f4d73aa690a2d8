// @ts-check
/** The words of the page in the language chosen, and the elements that carry them. */

/** @typedef {Record<string, string | number>} Params */
/** @typedef {string | [string, Params]} Said a key, or a key and what fills its places */

const TARGETS = { t: "", tLabel: "aria-label", tTitle: "title", tPlaceholder: "placeholder" };
const WRITTEN = "data-said";

/** @type {Record<string, string>} */
let words = {};
let current = "ru";

/** @type {WeakMap<Element, Record<string, Said>>} */
const said = new WeakMap();

/** The language of the page now. */
export function language() {
  return current;
}

/**
 * Take the words of a language and write them wherever words stand.
 * @param {string} chosen
 * @param {Record<string, string>} told
 */
export function speak(chosen, told) {
  words = told;
  current = chosen;
  document.documentElement.lang = chosen;
  relabel(document);
}

/**
 * Say a message; `{name}` in it is filled from `params`.
 * @param {string} key
 * @param {Params} [params]
 * @returns {string}
 */
export function t(key, params = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (place, name) => String(params[name] ?? place));
}

/**
 * Let an element carry words: its text (`t`) or an attribute (`tLabel`, `tTitle`, `tPlaceholder`).
 * @param {Element} node
 * @param {string} target
 * @param {Said | null} what null takes the words away
 */
export function label(node, target, what) {
  const carried = said.get(node) ?? {};
  if (what === null) {
    delete carried[target];
    put(node, target, "");
  } else {
    carried[target] = what;
    put(node, target, spoken(what));
  }
  said.set(node, carried);
  node.setAttribute(WRITTEN, "");
}

/** @param {ParentNode} root */
function relabel(root) {
  for (const node of root.querySelectorAll("[data-t]")) adopt(node);
  for (const node of root.querySelectorAll(`[${WRITTEN}]`)) {
    for (const [target, what] of Object.entries(said.get(node) ?? {}))
      put(node, target, spoken(what));
  }
}

/**
 * Take over the words that index.html asks for: `data-t="page-x"`, `data-t="label:page-x"`, …
 * @param {Element} node
 */
function adopt(node) {
  for (const part of (node.getAttribute("data-t") ?? "").split(" ")) {
    const [target, key] = part.includes(":") ? part.split(":") : ["", part];
    label(node, target ? `t${target[0].toUpperCase()}${target.slice(1)}` : "t", key);
  }
  node.removeAttribute("data-t");
}

/** @param {Said} what */
function spoken(what) {
  return typeof what === "string" ? t(what) : t(what[0], what[1]);
}

/**
 * @param {Element} node
 * @param {string} target
 * @param {string} text
 */
function put(node, target, text) {
  const name = TARGETS[/** @type {keyof typeof TARGETS} */ (target)];
  if (!name) {
    if (node.textContent !== text) node.textContent = text;
  } else if (node.getAttribute(name) !== text) {
    node.setAttribute(name, text);
  }
}
