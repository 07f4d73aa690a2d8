// @ts-check
/** What is attached and not sent yet: thumbnails, each with a cross to take it away. */

import { release } from "./attachment.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { sizeOf } from "./media.js";
import { Sound } from "./sound.js";
import { t } from "./words.js";

export class Tray {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Array<{attachment: import("./attachment.js").Attachment, node: HTMLElement}>} */
    this.lying = [];
    this.list = el("ul", { class: "ph-tray-list", tLabel: "page-phone-tray" });
    this.asFile = el("input", { type: "checkbox" });
    this.choice = el(
      "label",
      { class: "ph-tray-choice" },
      this.asFile,
      el("span", { t: "page-phone-as-file" }),
    );
    this.element = el("div", { class: "ph-tray", hidden: true }, this.list, this.choice);
  }

  /** How many lie in it. */
  get count() {
    return this.lying.length;
  }

  /** @param {import("./attachment.js").Attachment} attachment */
  add(attachment) {
    const remove = el(
      "button",
      {
        type: "button",
        class: "ph-tray-cross",
        tLabel: ["page-phone-remove", { name: attachment.name }],
        on: { click: () => this.#take(attachment) },
      },
      icon("cross"),
    );
    const node = el("li", { class: `ph-tray-item ph-tray-${attachment.kind}` }, preview(attachment), remove);
    this.lying.push({ attachment, node });
    this.list.append(node);
    this.#changed();
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /**
   * Hands over everything that lies here and is empty then.
   * @returns {{attachments: Array<import("./attachment.js").Attachment>, asFile: boolean}}
   */
  empty() {
    const attachments = this.lying.map((one) => one.attachment);
    const asFile = this.asFile.checked;
    this.lying = [];
    this.list.replaceChildren();
    this.asFile.checked = false;
    this.#changed();
    return { attachments, asFile };
  }

  /** Throws away everything. */
  clear() {
    for (const attachment of this.empty().attachments) release(attachment);
  }

  /** @param {import("./attachment.js").Attachment} attachment */
  #take(attachment) {
    const at = this.lying.findIndex((one) => one.attachment === attachment);
    if (at < 0) return;
    this.lying[at].node.remove();
    this.lying.splice(at, 1);
    release(attachment);
    const next = this.lying[Math.min(at, this.lying.length - 1)];
    this.#changed();
    /** @type {HTMLElement | undefined} */ (next?.node.lastElementChild)?.focus();
  }

  #changed() {
    this.element.hidden = !this.lying.length;
    this.choice.hidden = !this.lying.some(({ attachment }) => attachment.kind === "photo");
    this.onChange();
  }
}

/** @param {import("./attachment.js").Attachment} attachment */
function preview(attachment) {
  const { kind, name, url, blob } = attachment;
  if (kind === "photo") return el("img", { src: url, alt: name, draggable: "false" });
  if (kind === "voice" || kind === "audio") {
    return new Sound({ ...attachment, name }, url, attachment.loudness ?? SILENCE).element;
  }
  return el(
    "span",
    { class: "ph-tray-paper" },
    icon("file"),
    el("span", { class: "ph-tray-name", dir: "auto" }, name),
    el("span", { class: "ph-tray-size" }, sizeOf(blob.size, t)),
  );
}

/** Music that is attached is not looked into: the page may not fetch what it holds itself. */
const SILENCE = { peaks: new Float32Array(40), seconds: 0 };
