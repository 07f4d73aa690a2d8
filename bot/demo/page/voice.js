// @ts-check
/** Makes a voice message as the messengers send it, OGG with Opus, out of any sound. */

import { oggOpus, preSkipOf } from "./ogg.js";
import { BARS, peaksOf } from "./waveform.js";

export const RATE = 48_000;
const FRAME = 960;
const BITRATE = 32_000;
/** What libopus puts before the sound at 48 kHz, where the encoder does not say. */
const USUAL_PRE_SKIP = 312;
const OPUS = "OpusHead";
const OPUS_AT = 28;

/**
 * @typedef {{kind: "voice" | "audio", name: string, mime: string, blob: Blob, duration: number,
 *   loudness: import("./waveform.js").Loudness}} Recording
 */

/**
 * Encodes sound: OGG with Opus where the browser can, otherwise WAV, which is sent as music.
 * @param {Float32Array} samples mono, 48 kHz
 * @returns {Promise<Recording>}
 */
export async function recordingOf(samples) {
  const seconds = samples.length / RATE;
  const loudness = { peaks: peaksOf(samples, BARS), seconds };
  const duration = Math.max(1, Math.round(seconds));
  if (await canEncode()) {
    const blob = new Blob([await encoded(samples)], { type: "audio/ogg" });
    return { kind: "voice", name: "voice.ogg", mime: "audio/ogg", blob, duration, loudness };
  }
  const blob = new Blob([wav(samples)], { type: "audio/wav" });
  return { kind: "audio", name: "voice.wav", mime: "audio/wav", blob, duration, loudness };
}

/**
 * Makes a voice message of a sound file or of what a browser recorded; OGG with Opus stays as
 * it is. What cannot be decoded is refused with an EncodingError.
 * @param {Blob} blob
 * @returns {Promise<Recording>}
 */
export async function recordingFrom(blob) {
  const bytes = await blob.arrayBuffer();
  const isReady = isOggOpus(bytes);
  const decoder = new OfflineAudioContext(1, 1, RATE);
  const sound = await decoder.decodeAudioData(bytes.slice(0));
  const samples = mono(sound);
  if (!isReady) return recordingOf(samples);
  return {
    kind: "voice",
    name: "voice.ogg",
    mime: "audio/ogg",
    blob: new Blob([bytes], { type: "audio/ogg" }),
    duration: Math.max(1, Math.round(sound.duration)),
    loudness: { peaks: peaksOf(samples, BARS), seconds: sound.duration },
  };
}

/** @param {ArrayBuffer} bytes */
function isOggOpus(bytes) {
  if (bytes.byteLength < OPUS_AT + OPUS.length) return false;
  return String.fromCharCode(...new Uint8Array(bytes, OPUS_AT, OPUS.length)) === OPUS;
}

/** @param {AudioBuffer} sound */
function mono(sound) {
  const samples = sound.getChannelData(0).slice();
  for (let channel = 1; channel < sound.numberOfChannels; channel += 1) {
    const more = sound.getChannelData(channel);
    for (let i = 0; i < samples.length; i += 1) samples[i] += more[i];
  }
  return samples.map((sample) => sample / sound.numberOfChannels);
}

const config = { codec: "opus", sampleRate: RATE, numberOfChannels: 1, bitrate: BITRATE };

async function canEncode() {
  if (typeof AudioEncoder === "undefined") return false;
  return (await AudioEncoder.isConfigSupported(config)).supported === true;
}

/** @param {Float32Array} samples */
async function encoded(samples) {
  /** @type {Array<{data: Uint8Array, samples: number}>} */
  const packets = [];
  let preSkip = USUAL_PRE_SKIP;
  /** @type {unknown} */
  let trouble = null;
  const encoder = new AudioEncoder({
    output: (chunk, told) => {
      preSkip = preSkipOf(told?.decoderConfig?.description) ?? preSkip;
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      packets.push({ data, samples: FRAME });
    },
    error: (error) => {
      trouble = error;
    },
  });
  encoder.configure(config);
  const frames = Math.ceil((samples.length + preSkip) / FRAME);
  const padded = new Float32Array(frames * FRAME);
  padded.set(samples);
  for (let at = 0; at < padded.length; at += RATE) {
    const data = padded.slice(at, at + RATE);
    const sound = new AudioData({
      format: "f32",
      sampleRate: RATE,
      numberOfChannels: 1,
      numberOfFrames: data.length,
      timestamp: Math.round((at / RATE) * 1e6),
      data,
    });
    encoder.encode(sound);
    sound.close();
  }
  await encoder.flush();
  encoder.close();
  if (trouble) throw trouble;
  const serial = crypto.getRandomValues(new Uint32Array(1))[0];
  return oggOpus(packets, { preSkip, samples: samples.length, serial });
}

/** @param {Float32Array} samples @returns {ArrayBuffer} 16 bits, mono */
function wav(samples) {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const ascii = (/** @type {number} */ at, /** @type {string} */ text) =>
    [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  ascii(0, "RIFF");
  view.setUint32(4, 36 + samples.length * 2, true);
  ascii(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  ascii(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, i) =>
    view.setInt16(44 + i * 2, Math.max(-1, Math.min(1, sample)) * 0x7fff, true),
  );
  return view.buffer;
}
