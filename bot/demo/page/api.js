// @ts-check
/** What the page asks of the server: the sandbox's control API and the demonstration's host. */

/** @typedef {"telegram" | "vk"} Messenger */

/** A refusal: `status` is HTTP's, 0 where nobody answered; `reason` is the server's own words. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} reason
   */
  constructor(status, reason) {
    super(`${status}: ${reason}`);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
  }
}

const PRESS_SECONDS = 20;

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function ask(method, path, body) {
  /** @type {RequestInit} */
  const how = { method, cache: "no-store" };
  if (body !== undefined) {
    how.headers = { "Content-Type": "application/json" };
    how.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, how);
  } catch (error) {
    throw new ApiError(0, String(error));
  }
  const told = await answer.json().catch(() => null);
  if (!answer.ok) throw new ApiError(answer.status, told?.error ?? answer.statusText);
  return told;
}

/** @param {Record<string, string | number>} query */
const asked = (query) => new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]));
/** @param {Messenger} messenger @param {number} userId */
const who = (messenger, userId) => ({ messenger, user_id: userId });

export const api = {
  /** @param {Messenger} messenger @param {number} userId @param {string} text */
  say: (messenger, userId, text) =>
    ask("POST", "/control/say", { ...who(messenger, userId), text }),
  /**
   * Press a button by its label or its data; a message's own or the keyboard's.
   * @param {Messenger} messenger @param {number} userId
   * @param {{label?: string, data?: string, message_id?: number}} button
   */
  press: (messenger, userId, button) =>
    ask("POST", "/control/press", { ...who(messenger, userId), ...button }),
  /** Wait for the bot's answer to a press. @param {string} pressId */
  pressAnswered: (pressId) =>
    ask("GET", `/control/presses/${encodeURIComponent(pressId)}?wait=${PRESS_SECONDS}`),
  /** @param {Messenger} messenger @param {number} userId @param {object[]} files @param {string} [caption] */
  sendFiles: (messenger, userId, files, caption = "") =>
    ask("POST", "/control/send_files", { ...who(messenger, userId), files, caption }),
  /** @param {Messenger} messenger @param {number} userId @param {string} payload */
  openLink: (messenger, userId, payload) =>
    ask("POST", "/control/open_link", { ...who(messenger, userId), payload }),
  /** @param {Messenger} messenger @param {number} userId */
  block: (messenger, userId) => ask("POST", "/control/block", who(messenger, userId)),
  /** @param {Messenger} messenger @param {number} userId */
  unblock: (messenger, userId) => ask("POST", "/control/unblock", who(messenger, userId)),
  /** @param {Messenger} messenger @param {number} userId */
  seen: (messenger, userId) => ask("POST", "/control/seen", who(messenger, userId)),
  /** The messages that stand before one. @param {Messenger} messenger @param {number} chatId @param {number} messageId @param {number} last */
  before: (messenger, chatId, messageId, last) =>
    ask("GET", `/control/chat?${asked({ messenger, chat_id: chatId, before: messageId, last })}`),
  /** @param {string} id */
  fileUrl: (id) => `/control/files/${encodeURIComponent(id)}`,

  bots: () => ask("GET", "/control/bots"),
  /** Start a jump; the feed tells how it goes. @param {string} to */
  jump: (to) => ask("POST", "/control/clock", { to }),
  /** @param {number} rate */
  rate: (rate) => ask("POST", "/control/clock", { rate }),
  /** End a jump whose follower is gone. */
  land: () => ask("POST", "/control/clock", { land: true }),
  /** @param {object} fault */
  setFault: (fault) => ask("POST", "/control/faults", fault),
  /** @param {number} id */
  clearFault: (id) => ask("DELETE", `/control/faults?${asked({ id })}`),
  clearFaults: () => ask("DELETE", "/control/faults"),
  /** @param {object} fault */
  setMailFault: (fault) => ask("POST", "/control/mail/faults", fault),
  clearMailFaults: () => ask("DELETE", "/control/mail/faults"),
  /** @param {number} after */
  letters: (after) => ask("GET", `/control/mail?${asked({ after })}`),
  /** @param {number} after */
  calls: (after) => ask("GET", `/control/calls?${asked({ after })}`),

  /** @param {string} language */
  state: (language) => ask("GET", `/demo/state?${asked({ language })}`),
  /** @param {string} language */
  words: (language) => ask("GET", `/demo/words?${asked({ language })}`),
  /** @param {string} language */
  moments: (language) => ask("GET", `/demo/moments?${asked({ language })}`),
  /** @param {string} person @param {string} language */
  glass: (person, language) => ask("GET", `/demo/glass?${asked({ person, language })}`),
  /** Find or make a person's user on a messenger. @param {string} person @param {Messenger} messenger */
  phone: (person, messenger) => ask("POST", "/demo/phones", { person, messenger }),
  /** @param {{do: "kill" | "start", start?: boolean}} what */
  bot: (what) => ask("POST", "/demo/bot", what),
};

/** @typedef {typeof api} Api */
