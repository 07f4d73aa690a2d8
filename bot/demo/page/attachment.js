// @ts-check
/** Files that somebody is about to send: read, pressed like a messenger does, worded for the wire. */

export const LARGEST = 20 * 1024 * 1024;
/** The longer side of a picture after a messenger has pressed it, and what it leaves alone. */
const LONGEST_SIDE = 1280;
const LARGEST_KEPT = 4 * 1024 * 1024;
const QUALITY = 0.87;

/**
 * @typedef {{kind: string, name: string, mime: string, blob: Blob, url: string,
 *   width?: number, height?: number, duration?: number,
 *   loudness?: import("./waveform.js").Loudness, original?: File}} Attachment
 *   `original` is the picture as it was chosen, for sending it as a file
 */

/**
 * Reads a file that was chosen, dropped or pasted: a picture becomes a photo.
 * @param {File} file
 * @returns {Promise<Attachment>}
 */
export async function attachmentOf(file) {
  if (file.type.startsWith("image/") && file.type !== "image/gif" && file.type !== "image/svg+xml") {
    const photo = await pressed(file);
    if (photo) return photo;
  }
  const kind = kindOf(file.type);
  return { kind, name: file.name, mime: file.type || "application/octet-stream", ...held(file) };
}

/**
 * Makes an attachment of a photo that the page has drawn.
 * @param {{blob: Blob, width: number, height: number}} photo @param {string} name
 * @returns {Attachment}
 */
export function photoOf({ blob, width, height }, name) {
  return { kind: "photo", name, mime: "image/jpeg", width, height, ...held(blob) };
}

/**
 * Makes an attachment of a recording.
 * @param {import("./voice.js").Recording} recording
 * @returns {Attachment}
 */
export function soundOf(recording) {
  const { kind, name, mime, blob, duration, loudness } = recording;
  return { kind, name, mime, duration, loudness, ...held(blob) };
}

/**
 * Words an attachment as the control API takes a file.
 * @param {Attachment} attachment @param {boolean} asFile a picture goes as it was chosen
 */
export async function wired(attachment, asFile) {
  const { original } = attachment;
  const isPaper = asFile && attachment.kind === "photo";
  const blob = isPaper && original ? original : attachment.blob;
  return {
    kind: isPaper ? "document" : attachment.kind,
    name: isPaper && original ? original.name : attachment.name,
    mime: isPaper && original ? original.type : attachment.mime,
    base64: await base64(blob),
    width: attachment.width ?? 1280,
    height: attachment.height ?? 960,
    duration: attachment.duration ?? 1,
  };
}

/** Lets go of what the preview held. @param {Attachment} attachment */
export function release(attachment) {
  URL.revokeObjectURL(attachment.url);
}

/** @param {Blob} blob */
const held = (blob) => ({ blob, url: URL.createObjectURL(blob) });

/** @param {string} mime */
function kindOf(mime) {
  if (mime.startsWith("video/")) return "video";
  return mime.startsWith("audio/") ? "audio" : "document";
}

/** Presses a picture; null where the browser cannot read it. @param {File} file */
async function pressed(file) {
  let image;
  try {
    image = await createImageBitmap(file);
  } catch {
    return null; // a picture of a kind that the browser does not know goes as a file
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const shape = { kind: "photo", width, height, original: file };
  if (scale === 1 && file.type === "image/jpeg" && file.size < LARGEST_KEPT) {
    image.close();
    return { ...shape, name: file.name, mime: file.type, ...held(file) };
  }
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const paper = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, width, height);
  paper.drawImage(image, 0, 0, width, height);
  image.close();
  const blob = await new Promise((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", QUALITY);
  });
  if (!blob) return null;
  const name = `${file.name.replace(/\.[^.]*$/u, "") || "photo"}.jpg`;
  return { ...shape, name, mime: "image/jpeg", ...held(blob) };
}

/** @param {Blob} blob @returns {Promise<string>} */
function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).split(",", 2)[1] ?? ""));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
