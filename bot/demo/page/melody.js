// @ts-check
/** A short quiet tune for those who have no microphone: plucked notes over a low hum. */

import { RATE } from "./voice.js";

const SECONDS = 5;
const BEAT = 0.31;
/** Steps of a scale in which no two notes quarrel, in half-tones. */
const SCALE = [0, 2, 4, 7, 9, 12, 14, 16];
const LOWEST = 220;
const OVERTONES = [
  [1, 1],
  [2, 0.38],
  [3, 0.12],
  [4.02, 0.07],
];

/**
 * Plays a tune, another each time.
 * @param {() => number} chance a number from 0 to 1
 * @returns {Float32Array} mono, 48 kHz
 */
export function melody(chance = Math.random) {
  const samples = new Float32Array(SECONDS * RATE);
  const key = LOWEST * 2 ** (Math.floor(chance() * 5) / 12);
  let step = 2 + Math.floor(chance() * 3);
  for (let at = 0.08; at < SECONDS - 1; at += BEAT * (chance() < 0.25 ? 2 : 1)) {
    step = Math.min(SCALE.length - 1, Math.max(0, step + Math.round((chance() - 0.5) * 5)));
    pluck(samples, at, key * 2 ** (SCALE[step] / 12), 0.2 + chance() * 0.1);
  }
  pluck(samples, SECONDS - 1.15, key, 0.3);
  pluck(samples, SECONDS - 1.1, key * 1.5, 0.2);
  hum(samples, key / 2);
  return samples;
}

/**
 * @param {Float32Array} samples @param {number} at in seconds @param {number} pitch in hertz
 * @param {number} loud
 */
function pluck(samples, at, pitch, loud) {
  const start = Math.floor(at * RATE);
  const length = Math.min(samples.length - start, RATE * 1.4);
  for (const [times, part] of OVERTONES) {
    // a fading turn, multiplied on from sample to sample: no sine is asked for twice
    const turn = (2 * Math.PI * pitch * times) / RATE;
    const fade = Math.exp((-3.2 * times ** 0.7) / RATE);
    const [across, up] = [fade * Math.cos(turn), fade * Math.sin(turn)];
    let [x, y] = [part * loud, 0];
    for (let i = 0; i < length; i += 1) {
      const edge = Math.min(1, i / 288, (length - i) / 2400);
      samples[start + i] += y * edge;
      [x, y] = [x * across - y * up, x * up + y * across];
    }
  }
}

/** @param {Float32Array} samples @param {number} pitch */
function hum(samples, pitch) {
  for (let i = 0; i < samples.length; i += 1) {
    const time = i / RATE;
    const swell = Math.sin((Math.PI * i) / samples.length) ** 0.6;
    const sway = 1 + 0.25 * Math.sin(2 * Math.PI * 0.7 * time);
    samples[i] += 0.045 * swell * sway * Math.sin(2 * Math.PI * pitch * time);
  }
}
