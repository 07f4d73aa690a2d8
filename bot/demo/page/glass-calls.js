// @ts-check
/** «Вызовы»: what the bot asked of the messengers' APIs, for developers. */

import { api } from "./api.js";
import { attribute, el } from "./dom.js";
import { tellError } from "./notices.js";
import { Rows } from "./rows.js";

/** @typedef {{seq: number, messenger: string, method: string, params: Record<string, any>, answer: any, status: number, delivered: boolean, at: string}} Call */

const MOST = 300;

export class Calls {
  /** @type {Call[]} newest first */
  #calls = [];
  #last = 0;
  #isAsking = false;

  /** @param {{clock: import("./clock.js").Clock, roster: import("./people.js").Roster}} how */
  constructor(how) {
    this.how = how;
    this.list = el("ul", { class: "calls", tLabel: "page-tab-calls" });
    this.none = el("p", { class: "nothing", t: "page-calls-none" });
    this.root = el("div", { class: "pane-in" }, this.none, this.list);
    this.rows = new Rows(this.list, {
      key: (/** @type {Call} */ one) => String(one.seq),
      make: (one) => this.#make(one),
      fill: () => undefined,
    });
  }

  /** Fetch what is new. @param {number} last the number of the last call, as the feed tells */
  async news(last) {
    if (this.#isAsking || last === this.#last) return;
    this.#isAsking = true;
    try {
      const { calls, last: now } = await api.calls(Math.max(this.#last, last - MOST));
      this.#last = now;
      this.#calls = [...calls.reverse(), ...this.#calls].slice(0, MOST);
      this.none.hidden = this.#calls.length > 0;
      this.rows.show(this.#calls);
    } catch (error) {
      tellError(error);
    } finally {
      this.#isAsking = false;
    }
  }

  /** @param {Call} call */
  #make(call) {
    const at = Date.parse(call.at);
    const more = el("pre", {
      class: "json",
      hidden: true,
      tabindex: "0",
      tLabel: "page-call-json",
    });
    const button = el(
      "button",
      { type: "button", class: "call-open", "aria-expanded": "false" },
      el("time", { class: "out-when" }, this.how.clock.time(at)),
      el("span", {
        class: `lane lane-${call.messenger}`,
        t: call.messenger === "vk" ? "page-vk-short" : "page-telegram-short",
      }),
      el("code", { class: "call-method" }, call.method),
      el("span", { class: "call-chat", dir: "auto" }, this.#chat(call)),
      status(call),
    );
    button.addEventListener("click", () => {
      more.hidden = !more.hidden;
      button.setAttribute("aria-expanded", String(!more.hidden));
      // Formatted when somebody looks: most are never opened.
      if (!more.textContent) more.textContent = formatted(call);
    });
    const row = el("li", { class: "call" }, button, more);
    attribute(row, "data-failed", isFailed(call));
    return row;
  }

  /** @param {Call} call */
  #chat({ messenger, params }) {
    const chat = params.chat_id ?? params.peer_id ?? params.peer_ids ?? params.user_id ?? "";
    const person = this.how.roster.byChat.get(`${messenger}:${chat}`);
    return person ? `${person.last_name} ${person.first_name}` : String(chat);
  }
}

/** @param {Call} call */
function status(call) {
  const shown = el("span", { class: "call-status" });
  if (call.status === 0) shown.append(el("span", { t: "page-call-cut" }));
  else if (!call.delivered)
    shown.append(String(call.status), " ", el("span", { t: "page-call-lost" }));
  else shown.append(String(call.answer?.error?.error_code ?? call.status));
  return shown;
}

/** @param {Call} call */
function isFailed({ status: code, delivered, answer }) {
  return (
    code === 0 || code >= 400 || !delivered || answer?.ok === false || answer?.error !== undefined
  );
}

/** @param {Call} call */
function formatted({ params, answer }) {
  return JSON.stringify({ params: opened(params), answer }, null, 2);
}

/** A keyboard travels as JSON inside JSON; it is read open. @param {Record<string, any>} params */
function opened(params) {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (typeof value !== "string" || !/^[[{]/.test(value)) return [name, value];
      try {
        return [name, JSON.parse(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}
