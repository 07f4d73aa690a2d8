// @ts-check
/** Lets files be dropped onto an element. */

import { el } from "./dom.js";

export class Drop {
  /**
   * @param {HTMLElement} over
   * @param {(files: Array<File>) => void} onFiles
   */
  constructor(over, onFiles) {
    this.depth = 0;
    this.hint = el("div", { class: "ph-drop", hidden: true }, el("span", { t: "page-phone-drop" }));
    over.append(this.hint);
    over.addEventListener("dragenter", (event) => this.#moved(event, 1));
    over.addEventListener("dragleave", (event) => this.#moved(event, -1));
    over.addEventListener("dragover", (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
    over.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.depth = 0;
      this.hint.hidden = true;
      onFiles([...(event.dataTransfer?.files ?? [])]);
    });
  }

  /** @param {DragEvent} event @param {number} by */
  #moved(event, by) {
    if (!hasFiles(event)) return;
    this.depth = Math.max(0, this.depth + by);
    this.hint.hidden = this.depth === 0;
  }
}

/** @param {DragEvent} event */
const hasFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;
