// @ts-check
/** Puts the page together and leads the feed's news to whoever shows them. */

import { api } from "./api.js";
import { BotPanel } from "./bot.js";
import { Clock, Moments } from "./clock.js";
import { ClockBar } from "./clockbar.js";
import { connect, runOf } from "./connection.js";
import { byId, el, icon } from "./dom.js";
import { Faults } from "./faults.js";
import { chatKey, World } from "./feed.js";
import { Glass } from "./glass.js";
import { listenToKeys } from "./keys.js";
import { drawLanguages, listenToLanguages } from "./languages.js";
import { Layout } from "./layout.js";
import { tellError } from "./notices.js";
import { greet, whenReady } from "./opening.js";
import { Roster } from "./people.js";
import { Plan } from "./plan.js";
import { goTo, pointAt } from "./pointing.js";
import { Popover } from "./popover.js";
import { PHONES, readScene, writeScene } from "./scene.js";
import { Slot } from "./slot.js";
import { Tries } from "./tries.js";
import { language, t } from "./words.js";

const ASK_AFTER_MS = 900;

/** @typedef {import("./people.js").Person} Person */

class Page {
  world = new World();
  moments = new Moments();
  /** @type {Slot[]} */
  slots = [];
  focused = 0;
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #asking = new Map();

  /** @type {import("./pointing.js").Places} */
  get #places() {
    return { layout: this.layout, slots: this.slots, glass: () => this.glass };
  }

  /** @param {any} state @param {any[]} bots */
  constructor(state, bots) {
    this.state = state;
    this.roster = new Roster(state.people);
    this.clock = new Clock(state.school.zone);
    this.layout = new Layout({ onView: () => void this.glass?.look() });
    const panel = byId("troubles");
    const [bot, network] = [el("section"), el("section")];
    panel.append(bot, network);
    new Popover(byId("faults-button"), panel);
    const { world } = this;
    this.bot = new BotPanel({ world, place: bot, chip: byId("bot-chip"), bar: byId("bot-bar") });
    this.faults = new Faults({
      world,
      place: network,
      bar: byId("faults-bar"),
      count: byId("faults-count"),
    });
    this.plan = new Plan({
      clock: this.clock,
      moments: this.moments,
      onPlan: () => this.clockBar.setMoments(),
    });
    this.clockBar = new ClockBar(byId("clock"), {
      clock: this.clock,
      moments: this.moments,
      botState: () => this.bot.current,
      onMoment: (now) => this.plan.moved(now),
    });
    this.tries = new Tries(byId("tries"), {
      run: runOf(state),
      opener: byId("tries-button"),
      point: (at, role) => pointAt(this.#places, at, role),
    });
    this.#phones(new Map(bots.map((one) => [one.messenger, one])));
    this.glass = new Glass(byId("glass"), {
      world: this.world,
      clock: this.clock,
      roster: this.roster,
      people: () => this.people(),
      focused: () => this.slots[this.focused]?.person ?? null,
      isOpen: () => this.layout.isGlassOpen,
      onTold: (id, told) => this.#told(id, told),
    });
    this.feed = connect(runOf(state), {
      onFrame: (frame) => this.#frame(frame),
      onLost: () => this.bot.lose(),
    });
    for (const id of ["tools", "clock", "glass", "views"]) byId(id).hidden = false;
    this.relabel();
    this.#buttons();
  }

  async start() {
    this.feed.start();
    const scene = readScene(this.roster, this.state.scene);
    await Promise.all(
      this.slots.map((slot, place) => slot.show(scene[place].person, scene[place].messenger)),
    );
    addEventListener("hashchange", () => this.#follow());
    document.addEventListener("visibilitychange", () => this.clockBar.draw());
  }

  /** @returns {Person[]} those on the phones */
  people() {
    return this.slots.map((slot) => slot.person).filter((one) => one !== null);
  }

  /** The words are others now. */
  relabel() {
    drawLanguages();
    byId("foot").textContent = t("page-foot", { address: location.host });
    this.#title();
    this.bot.draw();
    this.faults.draw();
    this.tries.draw();
    for (const slot of this.slots) slot.relabel();
    this.glass.relabel();
    this.clockBar.draw();
    void this.plan.ask();
  }

  /** @param {Map<string, any>} bots */
  #phones(bots) {
    byId("phones").replaceChildren();
    for (let number = 1; number <= PHONES; number += 1) {
      const slot = new Slot(number, {
        roster: this.roster,
        bots,
        unread: () => this.world.unread,
        elsewhere: (person, own) => {
          const other = this.slots.find((one) => one.number !== own && one.person === person);
          return other ? other.number : null;
        },
        onShown: () => this.#shown(slot),
      });
      slot.root.addEventListener("focusin", () => this.#focus(number - 1));
      slot.root.addEventListener("pointerdown", () => this.#focus(number - 1));
      this.slots.push(slot);
      byId("phones").append(slot.root);
    }
  }

  /** @param {number} index */
  #focus(index) {
    if (this.focused === index) return;
    this.focused = index;
    this.glass.drawWhose();
  }

  /** @param {Slot} slot */
  #shown(slot) {
    const known = slot.key ? this.world.chats.get(slot.key) : undefined;
    if (known) slot.update({ ...known, whole: true, gone: [] });
    this.#setClock(slot);
    const watched = this.slots.flatMap((one) =>
      one.userId === null ? [] : [{ messenger: one.messenger, chat_id: one.userId }],
    );
    this.world.keep(new Set(watched.map((one) => chatKey(one.messenger, one.chat_id))));
    this.feed.watch(watched);
    writeScene(this.slots);
    this.#unread();
    this.glass.drawWhose();
    if (slot.person) this.#askAbout(slot.person, 0);
  }

  /** @param {import("./feed.js").Frame} frame */
  #frame(frame) {
    this.world.take(frame);
    for (const chat of frame.chats ?? []) {
      for (const slot of this.slots) {
        if (slot.key !== chatKey(chat.messenger, chat.id)) continue;
        slot.update(chat);
        if (slot.person && chat.messages?.length) this.#askAbout(slot.person, ASK_AFTER_MS);
      }
    }
    if (frame.unread) this.#unread();
    if (frame.faults || frame.mail_faults) this.faults.draw();
    if (frame.host !== undefined) this.bot.draw();
    if (frame.clock) this.#clockNews(frame.clock);
    else if (frame.host !== undefined) this.clockBar.draw();
    if (frame.letters !== undefined || frame.calls !== undefined) void this.glass.look();
  }

  /** @param {import("./feed.js").ClockView} view */
  #clockNews(view) {
    const wasJumping = this.clock.jumpTo !== null;
    this.clock.take(view);
    for (const slot of this.slots) this.#setClock(slot);
    this.clockBar.news();
    if (wasJumping && view.jump_to === null) {
      void this.plan.ask();
      for (const person of this.people()) this.#askAbout(person, ASK_AFTER_MS);
    }
  }

  /** @param {Slot} slot */
  #setClock(slot) {
    const { clock } = this.world;
    if (clock) slot.phone.setClock({ now: clock.now, rate: clock.jump_to ? 0 : clock.rate });
  }

  /** Ask soon what the database knows of a person: whether they are in, what they have done. @param {Person} person @param {number} after */
  #askAbout(person, after) {
    clearTimeout(this.#asking.get(person.id));
    const timer = setTimeout(async () => {
      try {
        this.#told(person.id, await api.glass(person.id, language()));
      } catch {
        // Asked again with the next message.
      }
    }, after);
    this.#asking.set(person.id, timer);
  }

  /** @param {string} id @param {any} told */
  #told(id, told) {
    const person = this.roster.byId.get(id);
    if (!person) return;
    for (const slot of this.slots) if (slot.person === person) slot.slip.setBound(told.bound);
    this.tries.take(person, told);
  }

  #unread() {
    for (const [index, slot] of this.slots.entries()) {
      slot.setUnread(this.world.unread);
      if (slot.person)
        this.layout.setPhone(
          index,
          slot.person,
          this.roster.unreadOf(slot.person, this.world.unread),
        );
    }
    this.#title();
  }

  #title() {
    const all = Object.values(this.world.unread).reduce((sum, one) => sum + one, 0);
    document.title = (all > 0 ? `(${all}) ` : "") + t("page-title");
  }

  #buttons() {
    byId("glass-button").append(icon("glass"), el("span", { t: "page-glass" }));
    byId("glass-close").append(icon("close"));
    listenToLanguages(this.roster, () => this.relabel());
    listenToKeys((number) => goTo(this.#places, number));
  }

  #follow() {
    const scene = readScene(
      this.roster,
      this.slots.map((one) => ({ person: one.person?.id ?? "", messenger: one.messenger })),
    );
    for (const [index, slot] of this.slots.entries()) {
      const { person, messenger } = scene[index];
      if (slot.person !== person || slot.messenger !== messenger) void slot.show(person, messenger);
    }
  }
}

async function open() {
  const language = await greet();
  const [state, bots] = await Promise.all([whenReady(language), api.bots()]);
  await new Page(state, bots).start();
}

open().catch(tellError);
