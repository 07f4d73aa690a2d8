// @ts-check
/** The ways to attach something: drawn and made here, chosen, dropped or pasted. */

import { LARGEST, attachmentOf, photoOf, soundOf } from "./attachment.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { melody } from "./melody.js";
import { Menu } from "./menu.js";
import { notebookPhoto } from "./notebook.js";
import { recordingFrom, recordingOf } from "./voice.js";

const MOST = 10;

export class Attach {
  /**
   * @param {import("./phone.js").Room} room
   * @param {import("./tray.js").Tray} tray
   * @param {string} id
   */
  constructor(room, tray, id) {
    this.room = room;
    this.tray = tray;
    this.files = el("input", {
      type: "file",
      multiple: true,
      hidden: true,
      tLabel: "page-phone-attach-file",
      on: { change: () => this.#chosen(this.files, (files) => this.take(files)) },
    });
    this.sounds = el("input", {
      type: "file",
      accept: "audio/*",
      hidden: true,
      tLabel: "page-phone-attach-sound",
      on: { change: () => this.#chosen(this.sounds, (files) => this.#takeVoice(files[0])) },
    });
    this.button = el(
      "button",
      { type: "button", class: "ph-tool", tLabel: "page-phone-attach", tTitle: "page-phone-attach" },
      icon(room.skin === "vk" ? "plus" : "clip"),
    );
    this.menu = new Menu(this.button, {
      id,
      words: "page-phone-attach",
      items: [
        { words: "page-phone-attach-page", icon: "picture", act: () => this.addPages(1) },
        { words: "page-phone-attach-pages", icon: "pictures", act: () => this.addPages(2) },
        { words: "page-phone-attach-voice", icon: "wave", act: () => this.addVoice() },
        { words: "page-phone-attach-file", icon: "file", act: () => this.files.click() },
        { words: "page-phone-attach-sound", icon: "note", act: () => this.sounds.click() },
      ],
    });
  }

  /** Draws pages of an exercise book. @param {number} count */
  async addPages(count) {
    const date = this.room.times.ruledDate(this.room.now());
    for (let i = 0; i < count && this.#hasRoom(); i += 1) {
      const number = this.tray.count + 1;
      this.tray.add(photoOf(await notebookPhoto({ date }), `page-${number}.jpg`));
    }
  }

  /** Makes a voice message without a microphone. */
  async addVoice() {
    if (this.#hasRoom()) this.addRecording(await recordingOf(melody()));
  }

  /** @param {import("./voice.js").Recording} recording */
  addRecording(recording) {
    if (recording.kind === "audio") this.room.aloud("page-phone-as-audio");
    this.tray.add(soundOf(recording));
  }

  /** Takes files as they come. @param {Array<File>} files */
  async take(files) {
    for (const file of files) {
      if (!this.#hasRoom()) return;
      if (this.#fits(file)) this.tray.add(await attachmentOf(file));
    }
  }

  /** @param {File} file */
  async #takeVoice(file) {
    if (!this.#hasRoom() || !this.#fits(file)) return;
    try {
      this.addRecording(await recordingFrom(file));
    } catch {
      this.room.aloud("page-phone-sound-unread", { name: file.name });
      await this.take([file]);
    }
  }

  /** @param {HTMLInputElement} input @param {(files: Array<File>) => Promise<void>} take */
  async #chosen(input, take) {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length) await take(files);
  }

  #hasRoom() {
    if (this.tray.count < MOST) return true;
    this.room.aloud("page-phone-too-many", { most: MOST });
    return false;
  }

  /** @param {File} file */
  #fits(file) {
    if (file.size > LARGEST) {
      this.room.aloud("page-phone-too-large", { name: file.name });
      return false;
    }
    if (!file.size) {
      this.room.aloud("page-phone-nothing-in", { name: file.name });
      return false;
    }
    return true;
  }
}
