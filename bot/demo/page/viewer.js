// @ts-check
/** Shows pictures large, one over the whole page; Escape or a click beside it closes. */

import { el } from "./dom.js";
import { icon } from "./icons.js";

/**
 * Opens the viewer on a picture of these.
 * @param {Array<any>} files FileViews of pictures
 * @param {number} at which of them first
 * @param {{api: any, t: (key: string, params?: object) => string}} room
 */
export function showPictures(files, at, room) {
  const { t, api } = room;
  const image = el("img", { class: "ph-viewer-image", alt: "" });
  const count = el("span", { class: "ph-viewer-count", "aria-live": "polite" });
  const save = el("a", { class: "ph-viewer-tool", tLabel: "page-phone-download" });
  const close = tool("cross", "page-phone-close", () => dialog.close());
  const back = tool("left", "page-phone-previous", () => step(-1));
  const next = tool("right", "page-phone-next", () => step(1));
  save.append(icon("save"));
  back.classList.add("ph-viewer-back");
  next.classList.add("ph-viewer-next");
  back.hidden = next.hidden = files.length < 2;

  const dialog = el(
    "dialog",
    { class: "ph-viewer", tLabel: "page-phone-viewer" },
    el("div", { class: "ph-viewer-bar" }, count, save, close),
    image,
    back,
    next,
  );

  let shown = at;
  function step(/** @type {number} */ by) {
    shown = (shown + by + files.length) % files.length;
    const address = api.fileUrl(files[shown].id);
    image.src = address;
    image.alt = t("page-phone-picture", { number: shown + 1, total: files.length });
    save.href = address;
    save.download = files[shown].name || `${shown + 1}.jpg`;
    count.textContent = files.length > 1 ? `${shown + 1} / ${files.length}` : "";
  }

  dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (files.length < 2) return;
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
  dialog.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  step(0);
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

/** @param {any} name @param {string} label @param {() => void} onClick */
function tool(name, label, onClick) {
  return el(
    "button",
    { type: "button", class: "ph-viewer-tool", tLabel: label, tTitle: label, on: { click: onClick } },
    icon(name),
  );
}
