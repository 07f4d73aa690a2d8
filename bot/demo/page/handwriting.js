// @ts-check
/** Writes on a canvas by hand: each letter is a few strokes, never twice quite the same. */

/**
 * Strokes of a letter, points in pairs: across 0–9, down 0 (top of a capital), 3 (top of a small
 * letter), 8 (the line), b (the foot of «р»).
 * @type {Record<string, string>}
 */
const STROKES = {
  0: "30 11 04 07 28 48 57 54 51 30",
  1: "13 40 38",
  2: "02 11 30 51 43 08 58",
  3: "01 20 41 43 24;24 45 47 28 07",
  4: "20 05 55;42 48",
  5: "50 10 04 33 54 57 38 07",
  6: "40 13 06 28 48 56 45 15 06",
  7: "00 50 18;14 44",
  8: "40 11 13 45 56 38 18 06 15 43 51 40",
  9: "52 31 12 14 35 53 52 47 28",
  "+": "05 55;32 38",
  "−": "05 55",
  "=": "04 54;06 56",
  ":": "24 25;27 28",
  "·": "25 26",
  ".": "18 18",
  ",": "18 0a",
  "(": "41 23 26 49",
  ")": "11 33 36 19",
  "№": "08 00 58 50;84 74 76 86 84;78 88",
  x: "13 58;53 08",
  а: "53 23 05 07 28 46 53;53 57 68",
  б: "60 31 14 06 28 48 56 45 15 06",
  в: "05 30 41 35 08 28 47 35 15",
  г: "04 23 34 16 07 28 47",
  д: "53 23 05 07 28 46 53;53 5a 3b 1a 48",
  е: "06 45 43 23 05 07 28 57",
  ж: "13 58;53 08;33 38",
  з: "04 23 34 25;25 46 4a 2b 0a",
  и: "03 07 18 38 53;53 57 68",
  й: "03 07 18 38 53;53 57 68;20 31 50",
  к: "03 08;43 15 25 58",
  л: "08 17 43;43 47 58",
  м: "08 17 23;23 37 53;53 57 68",
  н: "03 08;43 48;06 46",
  о: "33 13 05 07 28 38 56 54 33",
  п: "03 08;05 23 43 48",
  р: "03 0b;05 23 43 55 46 28 07",
  с: "54 33 13 05 07 28 48 57",
  т: "03 08;05 23 34 38;35 53 64 68",
  у: "03 06 27 53;53 4a 2b 0a",
  ф: "30 3b;33 13 05 07 28 48 57 54 33",
  ч: "03 05 26 53;53 58",
  ш: "03 07 18 33;33 37 48 63;63 68",
  ь: "03 08 38 46 15 05",
  ю: "03 08;05 25;53 34 26 38 57 64 53",
  я: "53 23 15 36 56;36 08;53 58",
  А: "08 30 68;15 55",
  В: "00 08;00 40 42 14;14 45 47 28 08",
  Д: "0a 08 78 7a;18 30 50 58",
  З: "01 20 41 43 24;24 45 47 28 07",
  К: "00 08;50 14 58",
  О: "30 11 04 07 38 57 64 51 30",
  Р: "00 08;00 40 42 34 04",
  С: "61 30 11 04 07 38 67",
  У: "00 34;60 27 08",
};
const GAP = 2;
const SPACE = 4;

export class Pen {
  /**
   * @param {CanvasRenderingContext2D} paper
   * @param {() => number} chance a number from 0 to 1
   * @param {{ink: string, unit: number}} how `unit` is an eighth of a capital, in pixels
   */
  constructor(paper, chance, { ink, unit }) {
    this.paper = paper;
    this.chance = chance;
    this.unit = unit;
    paper.strokeStyle = ink;
    paper.lineCap = paper.lineJoin = "round";
  }

  /**
   * Writes a line from (x, y), y being what the letters stand on; what it has no strokes for is
   * left out.
   * @param {string} text @param {number} x @param {number} y
   * @returns {number} where the line ends
   */
  write(text, x, y) {
    let at = x;
    for (const letter of text) {
      const strokes = STROKES[letter];
      if (!strokes) {
        at += SPACE * this.unit;
        continue;
      }
      const lean = 0.1 + this.#about(0.05);
      const size = this.unit * (1 + this.#about(0.05));
      const drop = this.#about(0.5) * this.unit;
      let widest = 0;
      for (const stroke of strokes.split(";")) {
        const points = stroke.split(" ").map((pair) => {
          const [across, down] = [Number.parseInt(pair[0], 36), Number.parseInt(pair[1], 36)];
          widest = Math.max(widest, across);
          const up = (down - 8 + this.#about(0.35)) * size;
          return { x: at + (across + this.#about(0.35)) * size - up * lean, y: y + up + drop };
        });
        this.draw(points);
      }
      at += (widest + GAP + this.#about(0.3)) * this.unit;
    }
    return at;
  }

  /**
   * Draws a smooth line through points.
   * @param {Array<{x: number, y: number}>} points
   */
  draw(points) {
    const { paper } = this;
    paper.lineWidth = this.unit * (0.52 + this.#about(0.08));
    paper.beginPath();
    paper.moveTo(points[0].x, points[0].y);
    for (let i = 0; i + 1 < points.length; i += 1) {
      const [before, from] = [points[Math.max(0, i - 1)], points[i]];
      const [to, after] = [points[i + 1], points[Math.min(points.length - 1, i + 2)]];
      paper.bezierCurveTo(
        from.x + (to.x - before.x) / 6,
        from.y + (to.y - before.y) / 6,
        to.x - (after.x - from.x) / 6,
        to.y - (after.y - from.y) / 6,
        to.x,
        to.y,
      );
    }
    paper.stroke();
  }

  /** Draws a straight line as a hand does with a ruler. */
  rule(/** @type {number} */ x1, /** @type {number} */ y1, /** @type {number} */ x2, /** @type {number} */ y2) {
    const off = () => this.#about(1);
    this.draw([
      { x: x1 + off(), y: y1 + off() },
      { x: x2 + off(), y: y2 + off() },
    ]);
  }

  /** @param {number} most */
  #about(most) {
    return (this.chance() - 0.5) * 2 * most;
  }
}
