// @ts-check
/** A recording in a message: a button to play it, its loudness, where it is and how long it is. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { length } from "./times.js";
import { BARS, bars, loudnessOf } from "./waveform.js";
import { label } from "./words.js";

/** One recording plays at a time on the whole page. @type {Sound | null} */
let playing = null;

export class Sound {
  /**
   * @param {any} file a FileView, or {id, name, kind, duration, …} of a file not sent yet
   * @param {string} address
   * @param {import("./waveform.js").Loudness} [loudness] where it is known already
   */
  constructor(file, address, loudness) {
    this.address = address;
    this.seconds = file.duration || 0;
    this.frame = 0;
    /** @type {HTMLAudioElement | null} */
    this.audio = null;

    this.button = el("button", {
      type: "button",
      class: "ph-sound-play",
      on: { click: () => this.toggle() },
    });
    this.played = el("span", { class: "ph-wave-played" });
    this.wave = el("span", { class: "ph-wave" });
    this.seek = el("input", {
      type: "range",
      class: "ph-sound-seek",
      min: 0,
      max: 100,
      step: 1,
      tLabel: "page-phone-seek",
      on: { input: () => this.jump(Number(this.seek.value) / 100) },
    });
    this.seek.value = "0";
    this.told = el("span", { class: "ph-sound-time" }, length(this.seconds));
    const isVoice = file.kind === "voice";
    const name = el("span", { class: "ph-sound-name", dir: "auto" }, file.name || "");
    this.element = el(
      "div",
      { class: isVoice ? "ph-sound" : "ph-sound ph-sound-audio" },
      this.button,
      el(
        "div",
        { class: "ph-sound-body" },
        isVoice ? null : name,
        el("div", { class: "ph-sound-track" }, this.wave, this.seek),
        this.told,
      ),
    );
    this.#draw(new Float32Array(BARS).fill(0.02));
    this.#show(false);
    if (loudness) this.#learn(loudness);
    else loudnessOf(file, address).then((told) => this.#learn(told));
  }

  /** Plays, or pauses. */
  toggle() {
    if (this.audio && !this.audio.paused) {
      this.audio.pause();
      return;
    }
    if (playing && playing !== this) playing.audio?.pause();
    playing = this;
    const audio = this.#opened();
    audio.play().catch(() => {
      if (audio.error) this.#refuse();
    });
  }

  /** @param {number} share of its length */
  jump(share) {
    const audio = this.#opened();
    const seconds = Number.isFinite(audio.duration) ? audio.duration : this.seconds;
    audio.currentTime = share * seconds;
    this.#progress();
  }

  #opened() {
    if (this.audio) return this.audio;
    const audio = new Audio(this.address);
    this.audio = audio;
    audio.addEventListener("play", () => this.#show(true));
    audio.addEventListener("pause", () => this.#show(false));
    audio.addEventListener("error", () => this.#refuse());
    audio.addEventListener("ended", () => {
      audio.currentTime = 0;
      this.#show(false);
      this.#progress();
    });
    return audio;
  }

  /** @param {boolean} isOn */
  #show(isOn) {
    this.button.replaceChildren(icon(isOn ? "pause" : "play"));
    label(this.button, "tLabel", isOn ? "page-phone-pause" : "page-phone-play");
    cancelAnimationFrame(this.frame);
    if (isOn) this.#follow();
  }

  #follow() {
    this.#progress();
    // what has left the page falls silent
    if (!this.element.isConnected) this.audio?.pause();
    else this.frame = requestAnimationFrame(() => this.#follow());
  }

  #progress() {
    const at = this.audio?.currentTime ?? 0;
    const share = this.seconds ? Math.min(1, at / this.seconds) : 0;
    this.played.style.width = `${(share * 100).toFixed(1)}%`;
    this.seek.value = String(Math.round(share * 100));
    const left = length(at > 0 ? at : this.seconds);
    if (this.told.textContent !== left) this.told.textContent = left;
    this.seek.setAttribute("aria-valuetext", left);
  }

  /** @param {import("./waveform.js").Loudness | null | undefined} loudness */
  #learn(loudness) {
    if (loudness === undefined) return;
    if (!loudness) {
      this.#refuse();
      return;
    }
    this.seconds = loudness.seconds;
    this.#draw(loudness.peaks);
    this.#progress();
  }

  #refuse() {
    this.button.disabled = this.seek.disabled = true;
    this.element.classList.add("ph-sound-none");
    label(this.told, "t", "page-phone-no-sound");
  }

  /** @param {ArrayLike<number>} peaks */
  #draw(peaks) {
    this.played.replaceChildren(bars(peaks));
    this.wave.replaceChildren(bars(peaks), this.played);
  }
}
