// @ts-check
/** Draws a photo of a page of a squared exercise book, with another exercise each time. */

import { Pen } from "./handwriting.js";

const WIDTH = 960;
const HEIGHT = 1280;
const CELL = 30;
const LEFT = CELL * 2;
const INKS = ["rgba(38, 60, 150, .92)", "rgba(52, 44, 138, .92)", "rgba(28, 46, 110, .94)"];
const DESKS = ["#9a7552", "#7d5f45", "#b0916b", "#6f6a63"];

/**
 * @typedef {(whole: number) => number} Pick a whole number from 0, under `whole`
 * @typedef {{pen: Pen, pick: Pick, line: number}} Page `line` is the cell that is written on next
 */

/**
 * Draws a page and photographs it.
 * @param {{date: string}} how `date` as it is written on top, «23 ноября»
 * @returns {Promise<{blob: Blob, width: number, height: number}>} a JPEG
 */
export async function notebookPhoto({ date }) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const paper = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const pick = (/** @type {number} */ whole) => Math.floor(Math.random() * whole);

  drawDesk(paper, pick);
  paper.save();
  paper.translate(WIDTH / 2, HEIGHT / 2);
  paper.rotate((Math.random() - 0.5) * 0.05);
  paper.transform(1, (Math.random() - 0.5) * 0.02, (Math.random() - 0.5) * 0.03, 1, 0, 0);
  paper.translate(-WIDTH / 2 + 44, -HEIGHT / 2 + 40);
  drawSheet(paper);
  const pen = new Pen(paper, Math.random, { ink: INKS[pick(INKS.length)], unit: CELL / 5.4 });
  writePage({ pen, pick, line: 3 }, date);
  paper.restore();
  drawLight(paper, pick);

  const blob = await new Promise((resolve, reject) => {
    canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("no JPEG"))), "image/jpeg", 0.86);
  });
  return { blob, width: WIDTH, height: HEIGHT };
}

/** @param {CanvasRenderingContext2D} paper @param {Pick} pick */
function drawDesk(paper, pick) {
  paper.fillStyle = DESKS[pick(DESKS.length)];
  paper.fillRect(0, 0, WIDTH, HEIGHT);
  for (let i = 0; i < 90; i += 1) {
    paper.fillStyle = i % 2 ? "rgba(0, 0, 0, .035)" : "rgba(255, 255, 255, .03)";
    paper.fillRect(0, pick(HEIGHT), WIDTH, 1 + pick(7));
  }
}

/** @param {CanvasRenderingContext2D} paper */
function drawSheet(paper) {
  const [width, height] = [WIDTH - 88, HEIGHT - 80];
  paper.shadowColor = "rgba(0, 0, 0, .45)";
  paper.shadowBlur = 26;
  paper.shadowOffsetY = 10;
  paper.fillStyle = "#fbfaf4";
  paper.fillRect(0, 0, width, height);
  paper.shadowColor = "transparent";
  paper.strokeStyle = "rgba(120, 160, 205, .5)";
  paper.lineWidth = 1.2;
  paper.beginPath();
  for (let x = CELL / 2; x < width; x += CELL) paper.rect(x, 0, 0, height);
  for (let y = CELL / 2; y < height; y += CELL) paper.rect(0, y, width, 0);
  paper.stroke();
  paper.strokeStyle = "rgba(214, 70, 84, .65)";
  paper.lineWidth = 2;
  paper.beginPath();
  paper.rect(width - CELL * 4, 0, 0, height);
  paper.stroke();
}

/** @param {CanvasRenderingContext2D} paper @param {Pick} pick */
function drawLight(paper, pick) {
  const [x, y] = [WIDTH * (0.2 + pick(6) / 10), HEIGHT * (0.1 + pick(4) / 10)];
  const light = paper.createRadialGradient(x, y, 80, x, y, HEIGHT);
  light.addColorStop(0, "rgba(255, 246, 220, .10)");
  light.addColorStop(0.45, "rgba(40, 30, 10, .03)");
  light.addColorStop(1, "rgba(20, 14, 4, .38)");
  paper.fillStyle = light;
  paper.fillRect(0, 0, WIDTH, HEIGHT);
}

/** @param {Page} page @param {string} date */
function writePage(page, date) {
  const { pick } = page;
  write(page, date, 6 + pick(3));
  write(page, pick(3) ? "Домашняя работа" : "Классная работа", 3 + pick(3));
  write(page, pick(2) ? `№ ${100 + pick(700)}` : `Задача ${1 + pick(12)}.${1 + pick(40)}`, 4 + pick(3));
  const exercises = [equation, equation, sums, product, triangle];
  const first = pick(exercises.length);
  exercises[first](page);
  page.line += 2;
  write(page, `№ ${100 + pick(700)}`, 4 + pick(3));
  exercises[(first + 1 + pick(exercises.length - 1)) % exercises.length](page);
}

/** @param {Page} page @param {string} text @param {number} [cells] how far from the edge */
function write(page, text, cells = 0) {
  const end = page.pen.write(text, LEFT + cells * CELL, page.line * CELL + CELL / 2 - 2);
  page.line += 2;
  return end;
}

/** @param {Page} page */
function equation(page) {
  const { pick } = page;
  const [times, root, plus] = [2 + pick(8), 3 + pick(20), 4 + pick(40)];
  const sum = times * root + plus;
  write(page, `${times}x + ${plus} = ${sum}`);
  if (pick(3)) {
    write(page, `${times}x = ${sum} − ${plus}`);
  } else {
    const slip = `${times}x = ${sum} + ${plus}`;
    const y = page.line * CELL + CELL / 2 - 2;
    const end = write(page, slip);
    page.pen.rule(LEFT - 6, y - 18, end + 4, y - 22);
    write(page, `${times}x = ${sum} − ${plus}`);
  }
  write(page, `${times}x = ${times * root}`);
  write(page, `x = ${times * root} : ${times}`);
  write(page, `x = ${root}`);
  write(page, `Ответ: ${root}.`);
}

/** @param {Page} page */
function sums(page) {
  const { pick } = page;
  for (let number = 1; number <= 4; number += 1) {
    const [a, b] = [12 + pick(80), 2 + pick(8)];
    const [sum, sign] = pick(2) ? [a * b, "·"] : [a + b * 10, "+"];
    write(page, `${number}) ${a} ${sign} ${sign === "·" ? b : b * 10} = ${sum}`);
  }
}

/** Multiplies in a column. @param {Page} page */
function product(page) {
  const { pen, pick } = page;
  const [a, b] = [112 + pick(800), 12 + pick(80)];
  const rows = [a, b, a * (b % 10), a * Math.floor(b / 10), a * b].map(String);
  const right = 9;
  const top = page.line;
  rows.forEach((digits, row) => {
    const shift = row === 3 ? 1 : 0;
    [...digits].forEach((digit, i) => {
      const x = LEFT + (right - digits.length + i - shift) * CELL;
      pen.write(digit, x + 3, page.line * CELL + CELL / 2 - 2);
    });
    page.line += 2;
  });
  const from = LEFT + (right - rows[4].length - 1) * CELL;
  const to = LEFT + right * CELL + 6;
  pen.write("x", from, (top + 1) * CELL + CELL / 2);
  for (const row of [1, 3]) {
    const y = (top + row * 2) * CELL + CELL * 0.75;
    pen.rule(from, y, to, y);
  }
  write(page, `Ответ: ${rows[4]}.`);
}

/** @param {Page} page */
function triangle(page) {
  const { pen, pick } = page;
  const [a, b, c] = [
    [3, 4, 5],
    [6, 8, 10],
    [5, 12, 13],
    [9, 12, 15],
  ][pick(4)];
  const top = page.line * CELL;
  const [x, y, height] = [LEFT + CELL * 2, top + CELL * 5.5, CELL * 5];
  const width = Math.min(CELL * 11, (height * b) / a);
  pen.rule(x, y, x, y - height);
  pen.rule(x, y, x + width, y);
  pen.rule(x, y - height, x + width, y);
  pen.write("А", x - CELL * 1.3, y - height + 12);
  pen.write("В", x - CELL * 1.3, y + 22);
  pen.write("С", x + width + 12, y + 18);
  page.line += 8;
  write(page, `Р = ${a} + ${b} + ${c} = ${a + b + c} (см)`);
  write(page, `Ответ: ${a + b + c} см.`);
}
