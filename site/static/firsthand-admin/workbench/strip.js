/* The whole recording at a glance: speakers or loudness, excerpts by section, warnings, search hits, colleagues. */

import { $, root } from "./dom.js";
import { find } from "./find.js";
import { SECTIONS, number, on, state } from "./state.js";

const canvas = $("cv");
const MOST_BARS = 2000;
let asked = false;

/** Draws once in the next frame, however often this is called. */
export function draw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    paint();
  });
}
on("strip", draw);

function paint() {
  const box = canvas.getBoundingClientRect();
  if (!box.width || !state.duration) return;
  const dots = devicePixelRatio || 1;
  canvas.width = box.width * dots;
  canvas.height = box.height * dots;
  const g = canvas.getContext("2d");
  g.scale(dots, dots);
  const style = getComputedStyle(root);
  const x = (seconds) => (seconds / state.duration) * box.width;
  g.fillStyle = style.color;
  g.globalAlpha = 0.28;
  if (state.peaks.length) loudness(g, box.width);
  else voices(g, x);
  g.globalAlpha = 1;
  g.font = `700 10px ${style.getPropertyValue("--w-font-sans")}`;
  for (const one of state.ex) {
    if (one.in == null) continue;
    g.fillStyle = style.getPropertyValue(`--s${SECTIONS.indexOf(one.section) + 1}`);
    const [at, width] = [x(one.in), Math.max(3, x(one.out - one.in))];
    g.fillRect(at, 14, width, 13);
    if (one.id === state.active) g.fillRect(at, 29, width, 3);
    g.fillText(number(one), at, 44);
  }
  g.fillStyle = style.getPropertyValue("--w-color-warning-100");
  const open = state.warnings.filter((w) => !w.state && state.cues[w.c].start != null);
  for (const w of open.slice(0, 400)) {
    const at = x(state.cues[w.c].start);
    g.beginPath();
    g.moveTo(at - 3, 6);
    g.lineTo(at + 3, 6);
    g.lineTo(at, 1);
    g.fill();
  }
  g.fillStyle = style.getPropertyValue("--hitnow");
  const every = Math.ceil(find.hits.length / 800) || 1;
  for (let i = 0; i < find.hits.length; i += every) g.fillRect(x(state.cues[find.hits[i].c].start ?? 0), 47, 2, 3);
  colleagues();
}

function loudness(g, width) {
  const bar = width / state.peaks.length;
  state.peaks.forEach((peak, i) => {
    g.fillRect(i * bar, 20 - peak * 11, Math.max(0.6, bar - 0.4), peak * 22 || 0.5);
  });
}
function voices(g, x) {
  const every = Math.ceil(state.cues.length / MOST_BARS) || 1;
  for (let i = 0; i < state.cues.length; i += every) {
    const cue = state.cues[i];
    if (cue.start == null) continue;
    const asks = state.asking.has(cue.who);
    g.fillRect(x(cue.start), asks ? 9 : 15, Math.max(0.6, x((cue.end ?? cue.start) - cue.start) - 0.5), asks ? 4 : 11);
  }
}
function colleagues() {
  for (const old of $("strip").querySelectorAll(".peer")) old.remove();
  for (const one of state.here) {
    const at = [...state.ex].find((x) => x.pk === one.excerpt && x.in != null);
    if (!at) continue;
    const mark = document.createElement("span");
    mark.className = "peer";
    mark.ariaHidden = "true";
    mark.textContent = one.letters;
    mark.title = `${one.name} is here`;
    mark.style.insetInlineStart = `${(at.in / state.duration) * 100}%`;
    $("strip").append(mark);
  }
}

new ResizeObserver(draw).observe($("strip"));
matchMedia("(prefers-color-scheme:dark)").addEventListener("change", draw);
new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
