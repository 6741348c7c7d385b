/* The state of the page: the transcript, the excerpts, what is open. All other modules read it here. */

export const SECTIONS = ["before", "treatment", "after"];
export const NAMES = { before: "Before", treatment: "Treatment", after: "After" };

export const state = {
  cues: [], // {id, start, end, who, text}
  index: new Map(), // key of a cue -> its index
  asking: new Set(), // speakers who interview
  voices: [],
  lang: { fillers: [], loose: [], protected: [] },
  timed: false, // are there time codes?
  duration: 0, // seconds
  peaks: [],
  ex: [], // excerpts, see excerpts.js
  all: new Map(), // every excerpt of this visit, including removed excerpts
  active: null, // key of the open excerpt
  sel: null, // marked words: {s: {c, o}, e: {c, o}}
  word: { c: 0, a: 0, b: 0 }, // the keyboard cursor
  section: "before", // the last one used
  topics: { keys: {}, all: [] },
  warnings: [], // {id, c, at, end, text, kind, reason, form, state, neutral, why}
  warningsAt: new Map(), // index of a cue -> its warnings
  conditions: { suggested: [], decided: [] },
  here: [], // colleagues
  imported: "",
  decided: "",
};

const listeners = new Map();
/** `on("excerpts", …)` adds a function to call after each `tell("excerpts")`. */
export function on(name, listener) {
  if (!listeners.has(name)) listeners.set(name, []);
  listeners.get(name).push(listener);
}
export function tell(name, value) {
  for (const listener of listeners.get(name) || []) listener(value);
}

export const byId = (id) => state.ex.find((x) => x.id === id);
export const active = () => byId(state.active);
export const of = (section) => state.ex.filter((x) => x.section === section && x.placed).sort((a, b) => a.order - b.order);
export const ordered = () => SECTIONS.flatMap(of);
export const lost = () => state.ex.filter((x) => !x.placed);
let numbers = new Map();
/** Returns the number of an excerpt in the story. */
export const number = (x) => numbers.get(x.id) || "";
export function renumber() {
  numbers = new Map(ordered().map((x, i) => [x.id, i + 1]));
}

/** Returns the warnings inside an excerpt. */
export function warningsIn(x) {
  if (!x.s || !x.e) return [];
  const found = [];
  for (let c = x.s.c; c <= x.e.c; c++) {
    if (state.cues[c].who !== x.voice) continue;
    for (const w of state.warningsAt.get(c) || []) if (!(c === x.s.c && w.end <= x.s.o) && !(c === x.e.c && w.at >= x.e.o)) found.push(w);
  }
  return found;
}
export const openWarnings = (x) => warningsIn(x).filter((w) => !w.state);
/** Returns the last cue of an excerpt that its speaker says. */
export function lastCue(x) {
  for (let c = x.e.c; c >= x.s.c; c--) if (state.cues[c].who === x.voice) return c;
  return x.e.c;
}
