// @ts-check
/** Reads how loud a recording is along its length, and draws that as bars. */

import { drawn } from "./icons.js";

export const BARS = 40;
const DECODE_RATE = 16_000;
const LARGEST = 20 * 1024 * 1024;
const KEPT = 200;

/**
 * @typedef {{peaks: Float32Array, seconds: number}} Loudness
 * @type {Map<string, Promise<Loudness | null | undefined>>}
 */
const known = new Map();
/** @type {Promise<unknown>} */
let queue = Promise.resolve();

/**
 * Tells the loudness of a file: null where it is no sound, undefined where it is too large to
 * look at or did not come. One file is decoded at a time.
 * @param {{id: string, digest: string, size: number}} file
 * @param {string} address
 * @returns {Promise<Loudness | null | undefined>}
 */
export function loudnessOf(file, address) {
  const key = file.digest || file.id;
  let told = known.get(key);
  if (!told) {
    if (known.size >= KEPT) known.delete(known.keys().next().value ?? "");
    told = queue.then(() => (file.size > LARGEST ? undefined : read(address)));
    queue = told;
    known.set(key, told);
  }
  return told;
}

/** @param {string} address @returns {Promise<Loudness | null | undefined>} */
async function read(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return undefined;
  const bytes = await answer.arrayBuffer();
  try {
    const sound = await new OfflineAudioContext(1, 1, DECODE_RATE).decodeAudioData(bytes);
    return { peaks: peaksOf(sound.getChannelData(0), BARS), seconds: sound.duration };
  } catch {
    return null; // what cannot be decoded is no sound, and is said to be none
  }
}

/**
 * Finds the loudest of each part, the loudest of all being 1.
 * @param {Float32Array} samples
 * @param {number} count
 */
export function peaksOf(samples, count) {
  const peaks = new Float32Array(count);
  const part = samples.length / count;
  let most = 0.02;
  for (let i = 0; i < count; i += 1) {
    const end = Math.min(samples.length, Math.floor((i + 1) * part));
    let loudest = 0;
    for (let at = Math.floor(i * part); at < end; at += 4) {
      loudest = Math.max(loudest, Math.abs(samples[at]));
    }
    peaks[i] = loudest;
    most = Math.max(most, loudest);
  }
  return peaks.map((peak) => peak / most);
}

/**
 * Draws bars in the colour of the text around them.
 * @param {ArrayLike<number>} peaks
 * @returns {SVGElement}
 */
export function bars(peaks) {
  const outline = Array.from(peaks, (peak, i) => {
    const half = 1 + peak * 8;
    return `M${i * 4 + 2} ${(10 - half).toFixed(1)}v${(half * 2).toFixed(1)}`;
  });
  return drawn(
    "svg",
    {
      class: "ph-bars",
      viewBox: `0 0 ${peaks.length * 4} 20`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    drawn("path", { d: outline.join("") }),
  );
}
