// @ts-check
/** Packs Opus packets into an Ogg file, as RFC 3533 and RFC 7845 lay it out. Pure: bytes to bytes. */

const RATE = 48_000;
const VENDOR = "dezhurny";
/** Packets of a page: a second of 20 ms frames, well under the 255 segments that a page holds. */
const PAGE_PACKETS = 50;
const HEADER_BYTES = 27;
const FIRST = 0x02;
const LAST = 0x04;
const FULL = 255;

/** @type {Uint32Array} CRC-32 of Ogg: polynomial 0x04c11db7, nothing reflected */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) rest = (rest << 1) ^ (rest < 0 ? 0x04c11db7 : 0);
  return rest >>> 0;
});

/**
 * Packs packets into a file.
 * @param {Array<{data: Uint8Array, samples: number}>} packets `samples` at 48 kHz
 * @param {{channels?: number, preSkip: number, samples: number, serial?: number}} how `preSkip` is
 *   what the encoder puts before the sound, `samples` how long the sound itself is, at 48 kHz
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function oggOpus(packets, { channels = 1, preSkip, samples, serial = 1 }) {
  const head = opusHead(channels, preSkip);
  const pages = [page([head], 0n, FIRST, serial, 0), page([opusTags()], 0n, 0, serial, 1)];
  let granule = 0n;
  for (let at = 0; at < packets.length; at += PAGE_PACKETS) {
    const some = packets.slice(at, at + PAGE_PACKETS);
    const isLast = at + PAGE_PACKETS >= packets.length;
    granule += BigInt(some.reduce((sum, packet) => sum + packet.samples, 0));
    // the last page tells where the sound ends, inside the last frame
    if (isLast && BigInt(preSkip + samples) < granule) granule = BigInt(preSkip + samples);
    const data = some.map((packet) => packet.data);
    pages.push(page(data, granule, isLast ? LAST : 0, serial, pages.length));
  }
  return joined(pages);
}

/**
 * Reads how much an encoder puts before the sound off its own OpusHead.
 * @param {AllowSharedBufferSource | undefined} description
 * @returns {number | null}
 */
export function preSkipOf(description) {
  if (!description) return null;
  const view = ArrayBuffer.isView(description)
    ? new DataView(description.buffer, description.byteOffset, description.byteLength)
    : new DataView(description);
  return view.byteLength >= 12 ? view.getUint16(10, true) : null;
}

/** @param {number} channels @param {number} preSkip */
function opusHead(channels, preSkip) {
  const head = new Uint8Array(19);
  const view = new DataView(head.buffer);
  head.set(ascii("OpusHead"));
  head[8] = 1;
  head[9] = channels;
  view.setUint16(10, preSkip, true);
  view.setUint32(12, RATE, true);
  return head;
}

function opusTags() {
  const tags = new Uint8Array(16 + VENDOR.length);
  tags.set(ascii("OpusTags"));
  new DataView(tags.buffer).setUint32(8, VENDOR.length, true);
  tags.set(ascii(VENDOR), 12);
  return tags;
}

/**
 * @param {Array<Uint8Array>} packets @param {bigint} granule @param {number} kind
 * @param {number} serial @param {number} number
 */
function page(packets, granule, kind, serial, number) {
  const lacing = packets.flatMap((packet) => [
    ...Array(Math.floor(packet.length / FULL)).fill(FULL),
    packet.length % FULL,
  ]);
  const header = new Uint8Array(HEADER_BYTES + lacing.length);
  const view = new DataView(header.buffer);
  header.set(ascii("OggS"));
  header[5] = kind;
  view.setBigInt64(6, granule, true);
  view.setUint32(14, serial, true);
  view.setUint32(18, number, true);
  header[26] = lacing.length;
  header.set(lacing, HEADER_BYTES);
  const whole = joined([header, ...packets]);
  new DataView(whole.buffer).setUint32(22, crc(whole), true);
  return whole;
}

/** @param {Uint8Array} bytes */
function crc(bytes) {
  let rest = 0;
  for (const byte of bytes) rest = ((rest << 8) ^ CRC[((rest >>> 24) ^ byte) & 0xff]) >>> 0;
  return rest;
}

/** @param {Array<Uint8Array>} parts @returns {Uint8Array<ArrayBuffer>} */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {string} text */
function ascii(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
