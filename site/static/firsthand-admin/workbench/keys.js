/* Keys. They work while the focus is in the workbench but not in a field; Wagtail uses ? / [ ] and Ctrl S, Ctrl P. */

import { root } from "./dom.js";
import { answer as answerCondition } from "./conditions.js";
import { compile, help, keysOn, setup } from "./dialogs.js";
import { act, make, moveBy, moveTo, remember, remove, setActive, setPoint, undo } from "./excerpts.js";
import { focus as focusFind } from "./find.js";
import { play, playBetween, playClip, player, seek, speed } from "./player.js";
import { timeAt } from "./runs.js";
import { drawBar, extend, hideBar, sentence, unmark, wholeLine } from "./selection.js";
import { SECTIONS, active, on, ordered, state } from "./state.js";
import { cursor, place, show, step, tx, words } from "./transcript.js";
import { close as closeWarning, hideMarked, isOpen, next as nextWarning, openAt, replaceNow } from "./warnings.js";

function goTo(c) {
  unmark();
  cursor(Math.max(0, Math.min(state.cues.length - 1, c)), 0);
}
function goBy(d) {
  const at = step({ c: state.word.c, o: state.word.b }, d);
  unmark();
  cursor(at.c, at.k);
}
function listen() {
  const { sel, cues } = state;
  if (sel) return playBetween(timeAt(cues[sel.s.c], sel.s.o), timeAt(cues[sel.e.c], sel.e.o));
  if (active()) playClip(active());
}
function neighbour(d) {
  const list = ordered();
  if (!list.length) return;
  const at = list.indexOf(active());
  setActive(list[at < 0 ? (d > 0 ? 0 : list.length - 1) : (at + d + list.length) % list.length].id, true);
}
function edit() {
  if (!active()) return;
  setActive(state.active);
  root.querySelector(".card.on textarea")?.focus();
}
function point(name, seconds) {
  const x = active();
  if (!x) return;
  remember();
  setPoint(x, name, seconds);
  setActive(x.id);
}
const nudge = (name, d) => active()?.[name] != null && point(name, active()[name] + d);

function section(name) {
  const x = active();
  if (state.sel || !x) return make(name);
  if (x.section !== name) moveTo(x, name, null);
}
function topic(name) {
  const x = active();
  if (state.sel || !x) return make(state.section, name);
  act("topic", x, name);
}

const KEYS = {
  " ": () => play(),
  ArrowLeft: (shift) => (shift ? extend(-1) : seek(player.at - 3)),
  ArrowRight: (shift) => (shift ? extend(1) : seek(player.at + 3)),
  ArrowUp: (_shift, alt) => (alt ? active() && moveBy(active(), -1) : goTo(state.word.c - 1)),
  ArrowDown: (_shift, alt) => (alt ? active() && moveBy(active(), 1) : goTo(state.word.c + 1)),
  j: () => seek(player.at - 10),
  l: () => seek(player.at + 10),
  "-": () => speed(-1),
  "+": () => speed(1),
  "=": () => speed(1),
  Enter: () => {
    const from = timeAt(state.cues[state.word.c], state.word.a);
    if (from == null) return;
    seek(from);
    play(true);
  },
  w: () => goBy(1),
  b: () => goBy(-1),
  s: () => sentence(),
  c: () => wholeLine(state.word.c),
  x: () => hideMarked(),
  p: listen,
  e: edit,
  t: () => act("tidy", active()),
  i: () => point("in", player.at),
  o: () => point("out", player.at),
  a: () => neighbour(-1),
  d: () => neighbour(1),
  Delete: () => active() && remove(active()),
  Backspace: () => active() && remove(active()),
  f: () => focusFind(),
  n: () => nextWarning(),
  r: () => isOpen() && replaceNow(),
  y: () => answerCondition(true),
  u: () => undo(),
  v: () => setup(),
  h: () => help(),
  Escape: () => {
    unmark();
    closeWarning();
    tx.focus({ preventScroll: true });
  },
};
for (const [k, name, d] of [
  [",", "in", -0.1],
  [".", "in", 0.1],
  ["<", "out", -0.1],
  [">", "out", 0.1],
  [";", "out", -0.1],
  [":", "out", 0.1],
]) {
  KEYS[k] = (shift) => nudge(shift ? "out" : name, d);
}
SECTIONS.forEach((name, i) => {
  KEYS[String(i + 1)] = () => section(name);
});

/** Does what a key asks for. Returns false when it is not one of ours. */
export function key(k, shift = false, alt = false) {
  const name = state.topics.keys[k];
  if (!name && !KEYS[k]) return false;
  if (name) topic(name);
  else KEYS[k](shift, alt);
  return true;
}

/** Returns the letter that was meant: on a keyboard without Latin letters, the Latin letter of the same key. */
function letterOf(event) {
  if (event.key.length > 1) return event.key;
  const lower = event.key.toLowerCase();
  if (/\p{L}/u.test(lower) && !/[a-z]/.test(lower)) {
    const physical = /^Key([A-Z])$/.exec(event.code);
    if (physical) return physical[1].toLowerCase();
  }
  return /^Digit\d$/.test(event.code) && !event.shiftKey ? event.code.slice(5) : lower; // AZERTY: digits without Shift
}

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (document.querySelector("dialog[open]") || event.isComposing) return;
  if (at !== document.body && !root.contains(at)) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    return void compile();
  }
  if (event.key === "Escape" && (at.closest(".card") || isOpen())) {
    event.preventDefault();
    closeWarning();
    return tx.focus({ preventScroll: true });
  }
  const field = at.matches("input:not([type=checkbox]),textarea,select");
  if (field || event.ctrlKey || event.metaKey || (event.altKey && !event.key.startsWith("Arrow"))) return;
  const single = event.key.length === 1 && event.key !== " ";
  if (single && !keysOn.now) return;
  if ((event.key === " " || event.key === "Enter") && at.matches("button,a,[type=checkbox]")) return;
  if (key(letterOf(event), event.shiftKey, event.altKey)) event.preventDefault();
});

const DO = {
  play: () => play(),
  slower: () => speed(-1),
  faster: () => speed(1),
  nextwarn: nextWarning,
  yes: () => answerCondition(true),
  no: () => answerCondition(false),
  help,
  setup,
  compile: () => compile(),
};
root.addEventListener("click", (event) => {
  const what = event.target.closest("[data-do]")?.dataset.do;
  DO[what]?.();
  const go = event.target.closest("[data-go]");
  if (go) {
    show(Number(go.dataset.go));
    cursor(Number(go.dataset.go), 0);
  }
  if (!event.target.closest(".pop,.idn,.selbar,[data-do=nextwarn],[data-c=keep]")) closeWarning();
});

tx.addEventListener("click", (event) => {
  const time = event.target.closest("button.t");
  if (time) {
    seek(state.cues[Number(time.parentElement.dataset.i)].start);
    return tx.focus({ preventScroll: true });
  }
  const chosen = getSelection();
  if (!chosen.isCollapsed) return;
  const idn = event.target.closest(".idn");
  if (idn) return openAt(state.warnings.find((w) => w.id === idn.dataset.w));
  const mark = event.target.closest("mark.ex");
  if (mark) return setActive(mark.dataset.x);
  const spot = chosen.anchorNode && place(chosen.anchorNode, chosen.anchorOffset);
  if (spot && event.target.closest(".q"))
    cursor(
      spot.c,
      Math.max(
        0,
        words(spot.c).findIndex((word) => word.b >= spot.o),
      ),
    );
});

on("topics", () =>
  drawBar((k) => {
    key(k);
    if (k !== "p" && k !== "x") hideBar();
  }),
);
