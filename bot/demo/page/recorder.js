// @ts-check
/** Records a voice message: a timer and the loudness while it runs, then it is sent or thrown away. */

import { el, write } from "./dom.js";
import { icon } from "./icons.js";
import { length } from "./times.js";
import { recordingFrom } from "./voice.js";
import { BARS, bars } from "./waveform.js";

const LONGEST = 300;
const TICK = 100;
const SHORTEST = 0.6;

export class Recorder {
  /**
   * @param {{onRecorded: (recording: import("./voice.js").Recording) => void, onEnd: () => void,
   *   onTrouble: (words: string) => void}} how `onTrouble` gets a key of words
   */
  constructor(how) {
    this.how = how;
    this.turn = 0;
    /** @type {MediaRecorder | null} */
    this.recorder = null;
    /** @type {((blob: Blob) => void) | null} what to do with the recording when it has stopped */
    this.wanted = null;
    /** @type {AudioContext | null} */
    this.context = null;
    this.ticking = 0;
    this.began = 0;
    this.timer = el("span", { class: "ph-recorder-time", role: "timer" }, "0:00");
    this.wave = el("span", { class: "ph-recorder-wave" });
    this.send = el(
      "button",
      {
        type: "button",
        class: "ph-tool ph-send",
        tLabel: "page-phone-send-voice",
        tTitle: "page-phone-send-voice",
        on: { click: () => this.#finish() },
      },
      icon("send"),
    );
    this.element = el(
      "div",
      {
        class: "ph-recorder",
        role: "group",
        tLabel: "page-phone-recording",
        hidden: true,
        on: { keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) },
      },
      el(
        "button",
        {
          type: "button",
          class: "ph-tool",
          tLabel: "page-phone-cancel-voice",
          tTitle: "page-phone-cancel-voice",
          on: { click: () => this.cancel() },
        },
        icon("bin"),
      ),
      el("span", { class: "ph-recorder-light", "aria-hidden": "true" }),
      this.timer,
      this.wave,
      this.send,
    );
  }

  get isOn() {
    return this.recorder !== null;
  }

  /** Asks for the microphone and begins. */
  async start() {
    this.turn += 1;
    const { turn } = this;
    if (!navigator.mediaDevices || typeof MediaRecorder === "undefined") {
      this.how.onTrouble("page-phone-no-microphone");
      return;
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      const isRefused = error instanceof DOMException && error.name === "NotAllowedError";
      this.how.onTrouble(isRefused ? "page-phone-microphone-refused" : "page-phone-no-microphone");
      return;
    }
    if (turn !== this.turn) {
      hush(stream);
      return;
    }
    this.#record(stream);
  }

  /** Throws the recording away. */
  cancel() {
    this.turn += 1;
    this.#stop(null);
  }

  /** @param {MediaStream} stream */
  #record(stream) {
    const mimeType = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"].find((type) =>
      MediaRecorder.isTypeSupported(type),
    );
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 64_000 });
    /** @type {Array<Blob>} */
    const parts = [];
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      hush(stream);
      this.wanted?.(new Blob(parts, { type: recorder.mimeType }));
    });
    this.recorder = recorder;
    this.began = performance.now();
    this.#listen(stream);
    recorder.start();
    this.element.hidden = false;
    this.send.focus();
  }

  /** Shows the loudness as it comes. @param {MediaStream} stream */
  #listen(stream) {
    const context = new AudioContext();
    this.context = context;
    const ear = context.createAnalyser();
    ear.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(ear);
    const sound = new Float32Array(ear.fftSize);
    const levels = Array(BARS).fill(0);
    this.ticking = setInterval(() => {
      ear.getFloatTimeDomainData(sound);
      levels.push(Math.min(1, sound.reduce((most, x) => Math.max(most, Math.abs(x)), 0) * 1.6));
      levels.shift();
      this.wave.replaceChildren(bars(levels));
      const seconds = (performance.now() - this.began) / 1000;
      write(this.timer, length(Math.floor(seconds)));
      if (seconds > LONGEST) this.#finish();
    }, TICK);
  }

  #finish() {
    const seconds = (performance.now() - this.began) / 1000;
    if (seconds < SHORTEST) {
      this.how.onTrouble("page-phone-too-short");
      this.cancel();
      return;
    }
    this.#stop(async (blob) => {
      try {
        this.how.onRecorded(await recordingFrom(blob));
      } catch (error) {
        console.error(error);
        this.how.onTrouble("page-phone-not-recorded");
      }
    });
  }

  /** @param {((blob: Blob) => void) | null} wanted null throws the recording away */
  #stop(wanted) {
    if (!this.recorder) return;
    this.wanted = wanted;
    clearInterval(this.ticking);
    void this.context?.close();
    this.recorder.stop();
    this.recorder = null;
    this.element.hidden = true;
    this.wave.replaceChildren();
    write(this.timer, "0:00");
    this.how.onEnd();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.cancel();
  }
}

/** @param {MediaStream} stream */
function hush(stream) {
  for (const track of stream.getTracks()) track.stop();
}
