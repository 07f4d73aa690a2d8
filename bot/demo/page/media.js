// @ts-check
/** Draws the files of a message: pictures, sounds, videos, stickers, papers. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { pictures } from "./pictures.js";
import { Sound } from "./sound.js";
import { language } from "./words.js";

const KILO = 1024;
/** Marks that turn the direction of text: in a name they would disguise its ending. */
const DISGUISES = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Draws files in the order in which they were sent, pictures together.
 * @param {Array<any>} files FileViews
 * @param {{api: any, t: (key: string, params?: object) => string}} room
 * @returns {Array<HTMLElement>}
 */
export function media(files, room) {
  const photos = files.filter((file) => file.kind === "photo");
  const drawnFiles = [];
  for (let at = 0; at < photos.length; at += 10) {
    drawnFiles.push(pictures(photos.slice(at, at + 10), room));
  }
  for (const file of files) if (file.kind !== "photo") drawnFiles.push(one(file, room));
  return drawnFiles;
}

/**
 * Tells a size as «340 КБ».
 * @param {number} bytes @param {(key: string, params?: any) => string} t
 */
export function sizeOf(bytes, t) {
  const digits = new Intl.NumberFormat(language(), { maximumFractionDigits: 1 });
  if (bytes < KILO) return t("page-phone-bytes", { size: digits.format(bytes) });
  if (bytes < KILO * KILO) return t("page-phone-kilobytes", { size: digits.format(Math.round(bytes / KILO)) });
  return t("page-phone-megabytes", { size: digits.format(bytes / KILO / KILO) });
}

/** @param {any} file @param {any} room @returns {HTMLElement} */
function one(file, room) {
  const address = room.api.fileUrl(file.id);
  if (file.kind === "voice" || file.kind === "audio") return new Sound(file, address).element;
  if (file.kind === "video") {
    return el("video", { class: "ph-video", src: address, controls: true, preload: "metadata" });
  }
  if (file.kind === "sticker" && file.mime.startsWith("image/")) {
    return el("img", { class: "ph-sticker", src: address, alt: room.t("page-phone-sticker") });
  }
  return paper(file, address, room);
}

/** @param {any} file @param {string} address @param {any} room */
function paper(file, address, room) {
  const name = file.name.replace(DISGUISES, "") || room.t("page-phone-file");
  const ending = /\.([a-z0-9]{1,4})$/iu.exec(name);
  const size = sizeOf(file.size, room.t);
  return el(
    "a",
    {
      class: "ph-paper",
      href: address,
      download: name,
      tLabel: ["page-phone-download-file", { name, size }],
    },
    el(
      "span",
      { class: "ph-paper-sign", "aria-hidden": "true" },
      ending ? el("span", { class: "ph-paper-ending" }, ending[1]) : icon("file"),
    ),
    el(
      "span",
      { class: "ph-paper-body" },
      el("span", { class: "ph-paper-name", dir: "auto" }, name),
      el("span", { class: "ph-paper-size" }, size),
    ),
    icon("save"),
  );
}
