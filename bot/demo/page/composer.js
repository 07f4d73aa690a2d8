// @ts-check
/** Where a person writes: the field, what is attached, the voice recorder, the bot's keyboard. */

import { Attach } from "./attach.js";
import { release, soundOf } from "./attachment.js";
import { attribute, el } from "./dom.js";
import { icon } from "./icons.js";
import { Keyboard } from "./keyboard.js";
import { Recorder } from "./recorder.js";
import { Tray } from "./tray.js";
import { label } from "./words.js";

const LINES = 5;
const LINE = 20;
const PADDING = 20;

export class Composer {
  /**
   * @param {import("./phone.js").Room} room
   * @param {string} id
   */
  constructor(room, id) {
    this.room = room;
    this.placeholder = "";
    this.tray = new Tray(() => this.#changed());
    this.attach = new Attach(room, this.tray, `${id}-attach`);
    this.keyboard = new Keyboard(room, `${id}-keys`);
    this.recorder = new Recorder({
      onRecorded: (recording) => {
        if (recording.kind === "audio") this.attach.addRecording(recording);
        else void this.#sendFiles([soundOf(recording)], false, "");
      },
      onEnd: () => this.#recording(false),
      onTrouble: (words) => this.#trouble(words),
    });
    this.field = el("textarea", {
      class: "ph-field",
      rows: 1,
      dir: "auto",
      maxlength: 20_000,
      enterkeyhint: "send",
      on: {
        input: () => this.#changed(),
        keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
        paste: (/** @type {ClipboardEvent} */ event) => this.#paste(event),
      },
    });
    this.button = el("button", {
      type: "button",
      class: "ph-tool ph-send",
      on: { click: () => (this.isEmpty ? this.#record() : this.send()) },
    });
    this.row = el(
      "div",
      { class: "ph-composer-row" },
      this.attach.button,
      el("div", { class: "ph-field-box" }, this.field, this.keyboard.fold),
      this.button,
    );
    this.element = el(
      "div",
      { class: "ph-composer" },
      this.tray.element,
      this.row,
      this.recorder.element,
      this.attach.menu.element,
      this.attach.files,
      this.attach.sounds,
    );
    this.#changed();
  }

  get isEmpty() {
    return !this.field.value.trim() && !this.tray.count;
  }

  /** Shows what the bot has put under the field. @param {any} keyboard a KeyboardView or null */
  setKeyboard(keyboard) {
    this.placeholder = keyboard?.placeholder ?? "";
    this.keyboard.update(keyboard);
    this.#word();
  }

  /** Puts text where the caret is. @param {string} text */
  insert(text) {
    const { selectionStart, selectionEnd } = this.field;
    this.field.setRangeText(text, selectionStart, selectionEnd, "end");
    this.#changed();
    this.field.focus({ preventScroll: true });
  }

  /** Throws away what was not sent. */
  clear() {
    this.field.value = "";
    this.tray.clear();
    this.recorder.cancel();
    this.#changed();
  }

  /** Sends what is written and attached. */
  async send() {
    if (this.isEmpty) return;
    const text = this.field.value.trim();
    const { attachments, asFile } = this.tray.empty();
    this.field.value = "";
    this.#changed();
    // where there is no mouse, the field in focus would bring up the keyboard of the screen
    if (matchMedia("(hover: hover)").matches) this.field.focus({ preventScroll: true });
    const isSent = attachments.length
      ? await this.#sendFiles(attachments, asFile, text)
      : await this.room.say(text);
    if (!isSent && !this.field.value) {
      this.field.value = text;
      this.#changed();
    }
  }

  /**
   * @param {Array<import("./attachment.js").Attachment>} attachments
   * @param {boolean} asFile @param {string} caption
   */
  async #sendFiles(attachments, asFile, caption) {
    const isSent = await this.room.sendFiles(attachments, asFile, caption);
    for (const one of attachments) {
      if (isSent) release(one);
      else this.tray.add(one);
    }
    return isSent;
  }

  async #record() {
    if (this.recorder.isOn) return;
    await this.recorder.start();
    this.#recording(this.recorder.isOn);
  }

  /** @param {boolean} isOn */
  #recording(isOn) {
    const hadFocus = this.recorder.element.contains(document.activeElement);
    this.row.hidden = isOn;
    if (!isOn && hadFocus) this.button.focus({ preventScroll: true });
  }

  /** @param {string} words */
  #trouble(words) {
    const hasOffer = words !== "page-phone-too-short";
    const offer = { words: "page-phone-attach-voice", act: () => this.attach.addVoice() };
    this.room.aloud(words, {}, hasOffer ? offer : undefined);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void this.send();
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    void this.attach.take(files);
  }

  #changed() {
    const words = this.isEmpty ? "page-phone-record" : "page-phone-send";
    if (this.button.dataset.words !== words) {
      this.button.dataset.words = words;
      this.button.replaceChildren(icon(this.isEmpty ? "mic" : "send"));
      label(this.button, "tLabel", words);
      label(this.button, "tTitle", words);
    }
    this.#word();
    if (CSS.supports("field-sizing", "content")) return;
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, LINES * LINE + PADDING)}px`;
  }

  /** Words the field: by the bot's own hint, as a caption, or as a message. */
  #word() {
    if (this.placeholder && !this.tray.count) {
      label(this.field, "tPlaceholder", null);
      attribute(this.field, "placeholder", this.placeholder);
    } else {
      label(this.field, "tPlaceholder", this.tray.count ? "page-phone-caption" : "page-phone-write");
    }
    label(this.field, "tLabel", this.tray.count ? "page-phone-caption" : "page-phone-write");
  }
}
