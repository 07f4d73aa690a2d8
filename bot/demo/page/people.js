// @ts-check
/** The roster: the people of the school, how they are found and how they stand in groups. */

/**
 * @typedef {import("./api.js").Messenger} Messenger
 * @typedef {{id: string, name: string, first_name: string, last_name: string, roles: string[], class: string | null, about: string, code: string | null, users: Record<Messenger, number | null>}} Person
 */

/** The groups of the list: the first that fits is the person's. */
const GROUPS = [
  { key: "page-group-students", roles: ["student"] },
  { key: "page-group-staff", roles: ["deputy_head", "support"] },
  { key: "page-group-teachers", roles: ["teacher", "class_teacher"] },
  { key: "page-group-guardians", roles: ["guardian"] },
];
const ORDER = [
  "page-group-students",
  "page-group-guardians",
  "page-group-teachers",
  "page-group-staff",
];
/** What people may type for a role. */
const ROLE_WORDS = /** @type {Record<string, string>} */ ({
  student: "page-find-student",
  guardian: "page-find-guardian",
  teacher: "page-find-teacher",
  class_teacher: "page-find-class-teacher",
  deputy_head: "page-find-deputy",
  support: "page-find-support",
});
const CODE_GROUPS = /** @type {Record<number, number>} */ ({ 10: 5, 16: 4 });

/**
 * Say the group of a person, as a key of words.
 * @param {Person} person
 */
export function groupOf(person) {
  const fits = GROUPS.find((group) => group.roles.some((role) => person.roles.includes(role)));
  return fits?.key ?? "page-group-staff";
}

/**
 * Write a name briefly, given name first: «Мария Соколова».
 * @param {Person} person
 */
export function briefly(person) {
  return `${person.first_name} ${person.last_name}`.trim() || person.name;
}

/** @param {Person} person */
export function initials(person) {
  return (person.first_name.slice(0, 1) + person.last_name.slice(0, 1)).toUpperCase();
}

/** The role that gives a person their colour. @param {Person} person */
export function leadingRole(person) {
  const order = ["student", "deputy_head", "support", "teacher", "class_teacher"];
  return order.find((role) => person.roles.includes(role)) ?? "guardian";
}

/**
 * Split an activation code as it stands on the slip: two groups of five, or four of four.
 * @param {string} code
 * @returns {string[]}
 */
export function codeGroups(code) {
  const size = CODE_GROUPS[code.length] ?? code.length;
  return code.match(new RegExp(`.{1,${size || 1}}`, "g")) ?? [code];
}

export class Roster {
  /** @param {Person[]} people */
  constructor(people) {
    this.people = people;
    this.byId = new Map(people.map((one) => [one.id, one]));
    /** @type {Map<string, Person>} */
    this.byChat = new Map();
    for (const one of people) {
      for (const [messenger, user] of Object.entries(one.users)) {
        if (user !== null) this.byChat.set(`${messenger}:${user}`, one);
      }
    }
  }

  /** Learn that a person has a user on a messenger. @param {Person} person @param {Messenger} messenger @param {number} userId */
  met(person, messenger, userId) {
    person.users[messenger] = userId;
    this.byChat.set(`${messenger}:${userId}`, person);
  }

  /** Take what is said about people in another language. @param {Person[]} people */
  retell(people) {
    for (const { id, about } of people) {
      const known = this.byId.get(id);
      if (known) known.about = about;
    }
  }

  /**
   * Find people: every word must begin a word of the name, the class, the role or be in the id.
   * @param {string} text
   * @param {(key: string) => string} t the words for roles are searched, too
   * @returns {{key: string, people: Person[]}[]}
   */
  find(text, t) {
    const words = plain(text)
      .split(/[\s,]+/)
      .filter(Boolean);
    const groups = new Map(ORDER.map((key) => [key, /** @type {Person[]} */ ([])]));
    for (const person of this.people) {
      const roles = person.roles.map((role) => (ROLE_WORDS[role] ? t(ROLE_WORDS[role]) : role));
      const told = [person.name, person.class, person.about, person.id, ...roles].join(" ");
      if (fits(words, plain(told))) groups.get(groupOf(person))?.push(person);
    }
    return [...groups].map(([key, people]) => ({ key, people })).filter((one) => one.people.length);
  }

  /** How much a person has not read on all messengers. @param {Person} person @param {Record<string, number>} unread */
  unreadOf(person, unread) {
    return Object.entries(person.users).reduce(
      (sum, [messenger, user]) => sum + (unread[`${messenger}:${user}`] ?? 0),
      0,
    );
  }
}

/** @param {string} text */
const plain = (text) => text.toLowerCase().replaceAll("ё", "е");

/** @param {string[]} words @param {string} where */
function fits(words, where) {
  const parts = where.split(/[^\p{L}\p{N}]+/u);
  return words.every((word) => parts.some((part) => part.startsWith(word)));
}
