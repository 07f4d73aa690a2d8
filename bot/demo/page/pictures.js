// @ts-check
/** Lays out the pictures of a message: one at its own shape, two to ten as a mosaic. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { showPictures } from "./viewer.js";

/** How many pictures stand in each row, by how many there are. */
const ROWS = [
  [],
  [1],
  [2],
  [1, 2],
  [2, 2],
  [2, 3],
  [3, 3],
  [2, 2, 3],
  [2, 3, 3],
  [3, 3, 3],
  [2, 4, 4],
];
const MOST = ROWS.length - 1;
const WIDEST = 320;
const TALLEST = 340;

/**
 * Draws pictures; a click shows them large.
 * @param {Array<any>} files FileViews
 * @param {{api: any}} room
 * @returns {HTMLElement}
 */
export function pictures(files, room) {
  const shown = files.slice(0, MOST);
  if (shown.length === 1) return single(shown[0], room);
  const mosaic = el("div", { class: "ph-mosaic" });
  let at = 0;
  for (const count of ROWS[shown.length]) {
    const row = el("div", { class: "ph-mosaic-row" });
    row.style.aspectRatio = count === 1 ? "16 / 10" : `${count} / 1.12`;
    for (let i = 0; i < count; i += 1, at += 1) row.append(picture(shown, at, room));
    mosaic.append(row);
  }
  return mosaic;
}

/** @param {any} file @param {any} room */
function single(file, room) {
  const width = Math.max(1, file.width || 4);
  const height = Math.max(1, file.height || 3);
  const shape = Math.min(2.4, Math.max(0.62, width / height));
  const alone = picture([file], 0, room);
  alone.classList.add("ph-picture-alone");
  alone.style.aspectRatio = String(shape);
  alone.style.width = `${Math.round(Math.min(WIDEST, TALLEST * shape, Math.max(width, 160)))}px`;
  return alone;
}

/** @param {Array<any>} files @param {number} at @param {any} room */
function picture(files, at, room) {
  const name = ["page-phone-picture", { number: at + 1, total: files.length }];
  const image = el("img", {
    src: room.api.fileUrl(files[at].id),
    alt: "",
    decoding: "async",
    draggable: "false",
  });
  const button = el("button", { type: "button", class: "ph-picture", tLabel: name }, image);
  image.addEventListener("error", () => {
    const words = el("span", { t: "page-phone-no-picture" });
    image.replaceWith(el("span", { class: "ph-picture-none" }, icon("picture"), words));
    button.disabled = true;
  });
  button.addEventListener("click", () => showPictures(files, at, room));
  return button;
}
