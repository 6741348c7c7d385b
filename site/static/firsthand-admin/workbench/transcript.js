/* The transcript: blocks of 20 lines, filled when near the screen or when the browser is idle, which skips what is off screen. All the
   text stays in the document for Ctrl F, selection and screen readers. Offsets count UTF-16 units in the line's own text. */

import { $, highlight, idle, root } from "./dom.js";
import { lastCue, number, on, state, tell } from "./state.js";
import { clock, esc, wordsIn } from "./words.js";

const CHUNK = 20;
const tx = $("tx");
const chunks = [];
const filled = new Set();
/** The numbers of the blocks on screen or near it. */
export const near = new Set();
export { tx, CHUNK };

const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const block = Number(entry.target.dataset.k);
      if (entry.isIntersecting) {
        near.add(block);
        fill(block);
      } else near.delete(block);
    }
    tell("near");
  },
  { root: tx, rootMargin: "1200px" },
);

/** Lays out empty blocks of about the right height and fills the first. */
export function build() {
  const width = Math.max(20, Math.floor((tx.clientWidth - 190) / 8.2));
  const total = state.cues.length;
  for (let from = 0; from < total; from += CHUNK) {
    let lines = 0;
    for (let i = from; i < Math.min(total, from + CHUNK); i++) lines += Math.ceil(state.cues[i].text.length / width) + 0.3;
    const block = document.createElement("div");
    block.className = "chunk";
    block.dataset.k = from / CHUNK;
    const height = Math.round(lines * 24.8);
    block.style.cssText = `min-block-size:${height}px;contain-intrinsic-block-size:auto ${height}px`;
    chunks.push(block);
  }
  tx.replaceChildren(...chunks);
  fill(0);
  for (const block of chunks) watcher.observe(block);
}

/** Fills the remaining blocks when the browser is idle. */
export function fillAll() {
  let next = 1;
  const work = (deadline) => {
    while (next < chunks.length && deadline.timeRemaining() > 6) fill(next++);
    if (next < chunks.length) idle(work);
    else performance.mark("workbench-filled");
  };
  idle(work);
}

function fill(block) {
  if (filled.has(block) || !chunks[block]) return;
  filled.add(block);
  let html = "";
  for (let i = block * CHUNK; i < Math.min(state.cues.length, (block + 1) * CHUNK); i++) html += row(i);
  chunks[block].innerHTML = html;
  chunks[block].style.minBlockSize = "";
}

function row(i) {
  const cue = state.cues[i];
  const same = i && state.cues[i - 1].who === cue.who;
  const time = cue.start == null ? "" : clock(cue.start);
  const button = time
    ? `<button class="t" type="button" tabindex="-1" aria-label="Play from ${time}">${time}</button>`
    : `<span class="t"></span>`;
  return `<div class="q${state.asking.has(cue.who) ? " iv" : ""}" id="wb-q${i}" data-i="${i}">${button}<b>${same ? "" : esc(cue.who)}</b><p class="w" dir="auto">${body(i)}</p></div>`;
}

/** Returns the HTML of a line with its marks. */
function body(i) {
  const cue = state.cues[i];
  const marks = [];
  for (const x of state.ex)
    if (x.s && i >= x.s.c && i <= x.e.c && cue.who === x.voice)
      marks.push({ at: i === x.s.c ? x.s.o : 0, end: i === x.e.c ? x.e.o : cue.text.length, x });
  for (const w of state.warningsAt.get(i) || []) marks.push({ at: w.at, end: w.end, w });
  if (!marks.length) return esc(cue.text);
  const cuts = [...new Set([0, cue.text.length, ...marks.flatMap((mark) => [mark.at, mark.end])])].sort((a, b) => a - b);
  let html = "";
  for (let k = 0; k < cuts.length - 1; k++) {
    const [a, b] = [cuts[k], cuts[k + 1]];
    const here = marks.filter((mark) => mark.at <= a && mark.end >= b);
    html += piece(
      i,
      cue.text.slice(a, b),
      here.find((mark) => mark.w)?.w,
      here.find((mark) => mark.x),
      b,
    );
  }
  return html;
}

function piece(i, text, w, mark, end) {
  let html = esc(text);
  if (w) {
    const is = w.state === "replaced" ? " done" : w.state === "dismissed" ? " off" : "";
    html = `<span class="idn${is}" data-w="${w.id}"${is === " done" ? ` data-by="→ ${esc(w.neutral)}"` : ""} title="${esc(w.why ? `Kept: ${w.why}` : w.reason)}">${html}</span>`;
  }
  if (mark) {
    const { x } = mark;
    const last = i === lastCue(x) && end === mark.end;
    html = `<mark class="ex ${x.section}${x.id === state.active ? " on" : ""}" data-x="${x.id}"${last ? ` data-n="${number(x)}"` : ""}>${html}</mark>`;
  }
  return html;
}

export function redraw(i) {
  const line = $(`q${i}`)?.lastElementChild;
  if (line) line.innerHTML = body(i);
}
export function redrawExcerpt(x) {
  if (x?.s) for (let i = x.s.c; i <= x.e.c; i++) redraw(i);
}
/** Redraws after a speaker was renamed. */
export function redrawAll() {
  const done = [...filled];
  filled.clear();
  for (const block of done) fill(block);
}
on("marks", redrawExcerpt);

export function line(i) {
  fill(Math.floor(i / CHUNK));
  return $(`q${i}`);
}

let scrolledAt = -1e9;
for (const kind of ["wheel", "touchmove"]) tx.addEventListener(kind, () => (scrolledAt = performance.now()), { passive: true });
/** Returns whether the editor scrolled in the last seconds: then the transcript does not follow the player. */
export const scrolledLately = () => performance.now() - scrolledAt < 4000;
export const forgetScroll = () => (scrolledAt = -1e9);

/** Scrolls to a line; with "nearest" only when it is not visible. */
export function show(i, how = "center") {
  const at = line(i).getBoundingClientRect();
  const box = tx.getBoundingClientRect();
  if (how === "nearest" && at.top > box.top + 40 && at.bottom < box.bottom - 80) return;
  tx.scrollTop += at.top - box.top - box.height * (how === "nearest" ? 0.25 : 0.35);
}

/* ---- positions in the text ---- */

const remembered = new Map();
/** Returns the words of a line, as offsets. */
export function words(c) {
  if (!remembered.has(c)) {
    if (remembered.size > 200) remembered.clear();
    remembered.set(c, wordsIn(state.cues[c].text));
  }
  return remembered.get(c);
}

/** Returns the text node of a position and the offset in it. */
export function point(c, o) {
  const p = line(c).lastElementChild;
  const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (o <= walker.currentNode.length) return [walker.currentNode, o];
    o -= walker.currentNode.length;
  }
  return [p, p.childNodes.length];
}
/** Returns a range over part of one line or of several. */
export function rangeOf(s, e) {
  const range = document.createRange();
  range.setStart(...point(s.c, s.o));
  range.setEnd(...point(e.c, e.o));
  return range;
}
/** Returns the position of a node and offset in the document; null outside the transcript. */
export function place(node, offset) {
  const q = (node.nodeType === 1 ? node : node.parentElement)?.closest(".q");
  if (!q || !tx.contains(q)) return null;
  const p = q.lastElementChild;
  const c = Number(q.dataset.i);
  if (!p.contains(node)) return { c, o: 0 };
  if (node === p) return { c, o: offset ? state.cues[c].text.length : 0 };
  const range = document.createRange();
  range.selectNodeContents(p);
  range.setEnd(node, offset);
  return { c, o: range.toString().length };
}

/** Moves the keyboard cursor to a word of a line. */
export function cursor(c, i, how = "nearest") {
  const list = words(c);
  const word = list[Math.max(0, Math.min(i, list.length - 1))] || { a: 0, b: 0 };
  state.word = { c, ...word };
  root.querySelector(".q.at")?.classList.remove("at");
  line(c).classList.add("at");
  paintCursor();
  show(c, how);
}
function paintCursor() {
  const light = highlight("wb-cursor");
  light.clear();
  const { c, a, b } = state.word;
  if (state.cues[c] && filled.has(Math.floor(c / CHUNK))) light.add(rangeOf({ c, o: a }, { c, o: b }));
}
on("excerpts", paintCursor); // redrawn marks are new text nodes

/** Returns the word `d` words after a position. */
export function step(from, d) {
  let { c } = from;
  let list = words(c);
  let at = list.findIndex((word) => word.b >= from.o);
  if (at < 0) at = list.length - 1;
  let k = at + d;
  while (k >= list.length && c < state.cues.length - 1) {
    k -= list.length;
    list = words(++c);
  }
  while (k < 0 && c > 0) {
    list = words(--c);
    k += list.length;
  }
  k = Math.max(0, Math.min(k, list.length - 1));
  return { c, k, w: list[k] || { a: 0, b: 0 } };
}
