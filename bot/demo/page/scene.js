// @ts-check
/** Who is on which phone, as the address of the page keeps it: several tabs, several scenes. */

/**
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./api.js").Messenger} Messenger
 * @typedef {{person: Person, messenger: Messenger}} Place
 */

export const PHONES = 3;

/**
 * Read the scene of the address, with the server's own where it tells nothing, and with somebody
 * else of the school where that does not tell enough.
 * @param {import("./people.js").Roster} roster
 * @param {{person: string, messenger: Messenger}[]} usual
 * @returns {Place[]}
 */
export function readScene(roster, usual) {
  const told = new URLSearchParams(location.hash.slice(1));
  /** @type {Place[]} */
  const scene = [];
  for (let place = 0; place < PHONES; place += 1) {
    const [id, messenger] = (told.get(`phone${place + 1}`) ?? "").split("/");
    const wanted = roster.byId.has(id) ? { person: id, messenger } : usual[place];
    const person =
      roster.byId.get(wanted?.person ?? "") ??
      roster.people.find((one) => scene.every((other) => other.person !== one)) ??
      roster.people[0];
    scene.push({ person, messenger: wanted?.messenger === "vk" ? "vk" : "telegram" });
  }
  return scene;
}

/**
 * Write the scene into the address, without a step in the history.
 * @param {{person: Person | null, messenger: Messenger}[]} scene
 */
export function writeScene(scene) {
  const told = scene.map((one, place) => `phone${place + 1}=${one.person?.id}/${one.messenger}`);
  const hash = `#${told.join("&")}`;
  if (location.hash !== hash)
    history.replaceState(null, "", location.pathname + location.search + hash);
}
