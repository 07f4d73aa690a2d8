// @ts-check
/** A place for a phone: who holds it, which messenger is open, the slip, and the phone itself. */

import { api } from "./api.js";
import { el, icon } from "./dom.js";
import { chatKey } from "./feed.js";
import { once, tellError } from "./notices.js";
import { briefly } from "./people.js";
import { Phone } from "./phone.js";
import { Picker, setBadge } from "./picker.js";
import { Slip } from "./slip.js";
import { label, t } from "./words.js";

/**
 * @typedef {import("./api.js").Messenger} Messenger
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./feed.js").ChatView} ChatView
 */

/** @type {Messenger[]} */
const MESSENGERS = ["telegram", "vk"];

export class Slot {
  #shows = 0;
  /** The phone's coming to whoever is shown. */
  #coming = Promise.resolve();
  /** @type {Map<Messenger, {button: HTMLElement, badge: HTMLElement}>} */
  #tabs = new Map();

  /**
   * @param {number} number from 1
   * @param {{roster: import("./people.js").Roster, bots: Map<string, {name: string, username: string}>, unread: () => Record<string, number>, elsewhere: (person: Person, number: number) => number | null, onShown: () => void}} how
   */
  constructor(number, how) {
    this.number = number;
    this.how = how;
    /** @type {Person | null} */
    this.person = null;
    /** @type {Messenger} */
    this.messenger = "telegram";
    /** @type {number | null} */
    this.userId = null;
    this.picker = new Picker(number, {
      roster: how.roster,
      unread: how.unread,
      elsewhere: (person) => how.elsewhere(person, number),
      onPick: (person) => void this.show(person, this.messenger),
    });
    this.slip = new Slip({
      onOpenLink: (code, button) => void once(button, () => this.#openLink(code)),
      onInsert: (code) => void this.#insert(code),
    });
    this.frame = el("div", { class: "phone-frame" });
    this.root = el(
      "section",
      { class: "slot", id: `slot-${number}`, tLabel: ["page-phone", { number }] },
      el("div", { class: "slot-head" }, this.picker.root, this.slip.opener, this.#switch()),
      this.slip.paper,
      this.frame,
    );
    this.phone = new Phone(this.frame, {
      api,
      t,
      onDeepLink: (link) => void this.#follow(link).catch(tellError),
    });
  }

  /** How the feed calls what is on this phone; null while it is not known. */
  get key() {
    return this.userId === null ? null : chatKey(this.messenger, this.userId);
  }

  /**
   * Give the phone to a person; a later call wins over an earlier one that is still under way.
   * @param {Person} person
   * @param {Messenger} messenger
   */
  show(person, messenger) {
    this.#coming = this.#show(person, messenger);
    return this.#coming;
  }

  /** @param {Person} person @param {Messenger} messenger */
  async #show(person, messenger) {
    this.#shows += 1;
    const turn = this.#shows;
    const isOther = person !== this.person;
    this.person = person;
    this.messenger = messenger;
    this.userId = null;
    this.picker.show(person);
    this.#marked();
    label(this.root, "tLabel", ["page-phone-of", { number: this.number, name: briefly(person) }]);
    if (isOther) this.slip.show(person);
    this.slip.setMessenger(messenger);
    try {
      const { user_id: userId } = await api.phone(person.id, messenger);
      if (turn !== this.#shows) return;
      this.userId = userId;
      this.how.roster.met(person, messenger, userId);
      const bot = this.how.bots.get(messenger);
      this.phone.show({
        person,
        messenger,
        userId,
        botName: bot?.name ?? "",
        botUsername: bot?.username ?? "",
      });
      this.how.onShown();
    } catch (error) {
      tellError(error);
    }
  }

  /** @param {ChatView} chat */
  update(chat) {
    this.phone.update(chat);
  }

  /** @param {Record<string, number>} unread */
  setUnread(unread) {
    for (const [messenger, tab] of this.#tabs) {
      setBadge(tab.badge, unread[`${messenger}:${this.person?.users[messenger]}`] ?? 0);
    }
  }

  relabel() {
    this.picker.relabel();
    this.slip.relabel();
    this.phone.relabel();
  }

  focus() {
    this.phone.focus();
  }

  #switch() {
    const tabs = MESSENGERS.map((messenger) => {
      const badge = el("span", { class: "badge" });
      setBadge(badge, 0);
      const button = el(
        "button",
        {
          type: "button",
          class: `messenger messenger-${messenger}`,
          "aria-pressed": "false",
          on: {
            click: () =>
              this.person && messenger !== this.messenger && void this.show(this.person, messenger),
          },
        },
        icon(messenger),
        el("span", {
          class: "messenger-name",
          t: messenger === "telegram" ? "page-telegram" : "page-vk",
        }),
        badge,
      );
      this.#tabs.set(messenger, { button, badge });
      return button;
    });
    return el("div", { class: "messengers", role: "group", tLabel: "page-messenger" }, ...tabs);
  }

  #marked() {
    this.root.dataset.messenger = this.messenger;
    for (const [messenger, tab] of this.#tabs) {
      tab.button.setAttribute("aria-pressed", String(messenger === this.messenger));
    }
  }

  /** @param {string} code */
  async #openLink(code) {
    const userId = await this.#user();
    if (userId !== null) await api.openLink(this.messenger, userId, code);
  }

  /** @param {string} code */
  async #insert(code) {
    if ((await this.#user()) !== null) this.phone.insert(code);
  }

  /** The slip is there before the phone, and what is pressed on it meanwhile waits for that. */
  async #user() {
    const { person } = this;
    await this.#coming;
    return this.person === person ? this.userId : null;
  }

  /** A link to the bot on another messenger opens there, for the same person. @param {{messenger: Messenger, payload: string}} link */
  async #follow({ messenger, payload }) {
    if (!this.person) return;
    if (messenger !== this.messenger || this.userId === null)
      await this.show(this.person, messenger);
    if (this.userId !== null && this.messenger === messenger)
      await api.openLink(messenger, this.userId, payload);
  }
}
