/* Actions on excerpts. Each is shown at once and put in the outbox; each can be undone. */

import { root, say, toast } from "./dom.js";
import { choose, find, saveAct, saveFields, saveMake, saveMove, savePlace } from "./saving.js";
import { markOmissions, rate, sure, tidy } from "./rating.js";
import { runOf } from "./runs.js";
import { NAMES, SECTIONS, active, byId, of, on, openWarnings, ordered, renumber, state, tell, warningsIn } from "./state.js";
import { cursor, redrawExcerpt, show, step } from "./transcript.js";
import { unmark } from "./selection.js";
import { putFor } from "./words.js";

const MOST_UNDONE = 50;
const undone = [];
let made = 0;

/** The rating of an excerpt. Computed once for the same words. */
export function rated(x) {
  if (!x.rated || x.rated.of !== x.text || x.rated.said !== x.verbatim)
    x.rated = { ...rate(x.verbatim, x.text, state.lang), of: x.text, said: x.verbatim };
  return x.rated;
}

/* ---- undo: the earlier state, restored by the same actions ---- */

const picture = () => ({
  active: state.active,
  order: Object.fromEntries(SECTIONS.map((section) => [section, of(section).map((x) => x.id)])),
  fields: new Map(state.ex.map((x) => [x.id, { text: x.text, topics: x.topics, in: x.in, out: x.out, speaker: x.speaker }])),
});
export function remember(undo = null) {
  undone.push(undo || picture());
  if (undone.length > MOST_UNDONE) undone.shift();
}
export function undo() {
  const last = undone.pop();
  if (!last) return toast("Nothing to undo");
  if (typeof last === "function") return last();
  const touched = new Set(state.ex);
  for (const x of [...state.ex]) if (!last.fields.has(x.id)) take(x);
  for (const [id, fields] of last.fields) {
    const x = find(id);
    if (!x) continue;
    if (!state.ex.includes(x)) {
      state.ex.push(x);
      saveAct(x, "restore");
    }
    const changed = Object.keys(fields).filter((name) => JSON.stringify(fields[name]) !== JSON.stringify(x[name]));
    if (changed.length) {
      Object.assign(x, fields);
      saveFields(x, Object.fromEntries(changed.map((name) => [name, fields[name]])));
    }
    touched.add(x);
  }
  for (const section of SECTIONS) {
    const wanted = last.order[section].map(find).filter((x) => x && state.ex.includes(x));
    for (let i = wanted.length - 1; i >= 0; i--) {
      const now = of(section);
      const at = now.indexOf(wanted[i]);
      if (at < 0 || (now[at + 1] || null) !== (wanted[i + 1] || null)) put(wanted[i], section, wanted[i + 1] || null);
    }
  }
  state.active = byId(last.active) ? last.active : null;
  changed([...touched]);
  toast("Undone");
}

/** Redraws what depends on excerpts. */
function changed(excerpts = []) {
  tell("excerpts");
  for (const x of excerpts) redrawExcerpt(x);
}

/* ---- making excerpts ---- */

/** Makes an excerpt of the marked words. */
export function make(section, topic) {
  if (!state.sel) return toast("Select some words first: drag over them, or press S for the sentence");
  const run = runOf(state.cues, state.sel.s, state.sel.e, state.asking);
  if (!run) return toast("The selection has no words");
  const twin = state.ex.find((x) => x.section === section && x.s && JSON.stringify([x.s, x.e]) === JSON.stringify([run.s, run.e]));
  if (twin) {
    unmark();
    setActive(twin.id, true);
    return toast("These words are already an excerpt");
  }
  remember();
  const x = draft(`new-${Date.now().toString(36)}-${made++}`, state.sel, run, section, topic ? [topic] : []);
  const before = byId(state.active);
  state.section = section;
  state.active = x.id;
  unmark();
  saveMake(x, section, x.topics);
  changed([before, x]);
  const next = step({ c: run.e.c, o: run.e.o }, 1);
  cursor(next.c, next.k);
  say(`Excerpt made: ${NAMES[section]}${topic ? `, ${topic}` : ""}. ${rated(x).rating}.`);
}
function draft(id, marked, run, section, topics) {
  const x = {
    id,
    pk: null,
    marked: { s: marked.s, e: marked.e },
    s: run.s,
    e: run.e,
    voice: run.who,
    speaker: run.who,
    asked: run.asked,
    verbatim: run.verbatim,
    text: run.text,
    section,
    order: (of(section).at(-1)?.order || 0) + 1,
    topics,
    in: run.in,
    out: run.out,
    rev: 0,
    placed: true,
    by: null,
  };
  state.all.set(id, x);
  state.ex.push(x);
  for (const w of warningsIn(x)) if (w.state === "replaced") x.text = putFor(x.text, w.text, w.neutral);
  return x;
}
on("make again", ({ id, s, e, section, topics }) => {
  const run = runOf(state.cues, s, e, state.asking);
  if (run) draft(id, { s, e }, run, section, topics);
});

/** Attaches an excerpt that lost its place to the marked words. */
export function attach(x) {
  if (!state.sel) return toast("Select the words first, then press Attach");
  savePlace(x, state.sel.s, state.sel.e);
  unmark();
}

/* ---- one excerpt ---- */

export function setActive(id, jump) {
  const before = byId(state.active);
  state.active = id;
  const x = byId(id);
  if (x) x.changedBy = null;
  changed([before, x]);
  if (x?.s && jump) show(x.s.c);
  root.querySelector(".card.on")?.scrollIntoView({ block: "nearest" });
}

/** Changes the place of an excerpt in the story, in the page and in the outbox. */
function put(x, section, next) {
  const list = of(section).filter((one) => one !== x);
  const at = next ? list.indexOf(next) : list.length;
  list.splice(at < 0 ? list.length : at, 0, x);
  x.section = section;
  list.forEach((one, i) => {
    one.order = i + 1;
  });
  saveMove(x, next);
}
export function moveTo(x, section, next) {
  remember();
  put(x, section, next);
  changed(ordered());
  say(`Moved to ${NAMES[section]}, position ${of(section).indexOf(x) + 1}`);
}
/** Moves an excerpt one place up or down, also into the next section. */
export function moveBy(x, d) {
  const list = of(x.section);
  const at = list.indexOf(x);
  const section = SECTIONS[SECTIONS.indexOf(x.section) + d];
  if (d < 0 && at > 0) moveTo(x, x.section, list[at - 1]);
  else if (d > 0 && at < list.length - 1) moveTo(x, x.section, list[at + 2] || null);
  else if (section) moveTo(x, section, d > 0 ? of(section)[0] || null : null);
}

function take(x) {
  state.ex = state.ex.filter((one) => one !== x);
  if (state.active === x.id) state.active = null;
  saveAct(x, "remove");
}
export function remove(x) {
  remember();
  take(x);
  changed([x]);
  toast("Excerpt removed", "Undo", undo);
}

export function setText(x, text, soon = false) {
  x.text = text;
  x.refused = "";
  if (!x.conflict) saveFields(x, { text }, soon);
}
export function setField(x, name, value, soon = false) {
  x[name] = value;
  saveFields(x, { [name]: value }, soon);
}

/** Moves the in or out point to `seconds`, unless that would leave no clip. */
export function setPoint(x, name, seconds) {
  if (x.in == null || x.out == null) return;
  const value = Math.round(Math.min(state.duration || 1e9, Math.max(0, seconds)) * 10) / 10;
  if (name === "in" ? value >= x.out : value <= x.in) return say("The clip must start before it ends.");
  setField(x, name, value, true);
  tell("strip");
  say(`${name} ${value} seconds`);
}

const kept = (x, text) =>
  warningsIn(x)
    .filter((w) => w.state === "replaced")
    .reduce((words, w) => putFor(words, w.text, w.neutral), text);

/** Does what a key or a button of a card asks for. */
export function act(what, x, detail) {
  if (!x) return toast("Open an excerpt first");
  if (what === "mine" || what === "hers") return choose(x, what === "mine");
  if (what === "up" || what === "down") return moveBy(x, what === "up" ? -1 : 1);
  if (what === "del") return remove(x);
  if (what === "attach") return attach(x);
  remember();
  if (what === "mark") setText(x, markOmissions(x.verbatim, x.text, state.lang));
  if (what === "reset") setText(x, kept(x, sure(x.verbatim)));
  if (what === "tidy") setText(x, kept(x, tidy(x.verbatim, state.lang)));
  if (what === "topic") setField(x, "topics", x.topics.includes(detail) ? x.topics.filter((one) => one !== detail) : [...x.topics, detail]);
  changed([]);
  if (what === "topic") say(`${detail}: ${x.topics.includes(detail) ? "on" : "off"}`);
  else say(`${rated(x).rating}.`);
}

/** The share of the speakers' own words in all excerpts, and the number of open warnings. */
export function totals() {
  const sum = { words: 0, kept: 0, omissions: 0, open: 0, reworded: 0 };
  for (const x of state.ex) {
    const { rating, counts } = rated(x);
    sum.words += counts.words;
    if (rating === "reworded") sum.reworded++;
    else sum.kept += counts.kept;
    sum.omissions += counts.omissions;
    sum.open += openWarnings(x).length;
  }
  return { ...sum, share: sum.words ? Math.round((sum.kept / sum.words) * 100) : 100 };
}
on("excerpts", renumber);
export { active };
