/* Talks to the server: what each change sends, and what the answer means. No editor's words are ever overwritten silently. */

import { options, toast } from "./dom.js";
import { behind, drop, hold, isPending, open, pendingOf, put, putBack } from "./outbox.js";
import { active, state, tell } from "./state.js";

const FIELDS = ["text", "speaker", "topics", "in", "out"];
const CSRF = document.querySelector(".wb [name=csrfmiddlewaretoken]").value;
const OFF = "Not saved: no connection, kept here, trying again";
const LOGGED_OUT = "Not saved: you are logged out. Log in in another tab; kept here, trying again";

class Failed extends Error {
  constructor(message, again) {
    super(message);
    this.again = again;
  }
}

/** Sends and receives JSON. Throws Failed, with `again` where trying later may help; otherwise returns {status, ...}. */
export async function ask(url, method = "GET", body = undefined) {
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: { "X-CSRFToken": CSRF, "X-Requested-With": "XMLHttpRequest", ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
      redirect: "manual",
    });
  } catch {
    throw new Failed(OFF, true);
  }
  if (response.type === "opaqueredirect") throw new Failed(LOGGED_OUT, true);
  const json = (response.headers.get("Content-Type") || "").includes("application/json");
  if (response.status === 403 && !json) throw new Failed(LOGGED_OUT, true);
  if (response.status >= 500 || response.status === 429 || !json)
    throw new Failed("Not saved: the server has a problem, kept here, trying again", true);
  return { ...(await response.json()), status: response.status };
}

/* ---- excerpts as the server sends them ---- */

const placeOf = (place) => (place && state.index.has(place[0]) ? { c: state.index.get(place[0]), o: place[1] } : null);
const cueKey = (place) => [state.cues[place.c].id, place.o];

/** Returns a new excerpt for the page from the server's data. */
export function fromServer(raw) {
  const x = { id: String(raw.id) };
  state.all.set(x.id, x);
  return adopt(x, raw);
}

/** Updates `x` from the server's data, except for changes that still wait to be sent. */
export function adopt(x, raw) {
  x.pk = raw.id;
  x.base = raw;
  x.rev = raw.rev;
  x.section = raw.section;
  x.order = raw.order;
  x.verbatim = raw.verbatim;
  x.asked = raw.asked;
  x.s = placeOf(raw.start);
  x.e = placeOf(raw.end);
  x.placed = raw.placed && Boolean(x.s && x.e);
  x.voice = x.s ? state.cues[x.s.c].who : raw.speaker;
  x.by = raw.by;
  for (const field of FIELDS) if (!isPending(x.id, field) && !(field === "text" && x.conflict)) x[field] = raw[field];
  x.rated = null;
  return x;
}

export const find = (name) => state.all.get(String(name)) || [...state.all.values()].find((x) => String(x.pk) === String(name));

/* ---- one entry of the outbox ---- */

async function send(entry) {
  const x = entry.x === null ? null : find(entry.x);
  if (entry.x !== null && (!x || (entry.kind !== "make" && !x.pk))) return; // its creation was refused: there is nothing to change
  const at = x?.pk ? `${options.urls.excerpts}${x.pk}/` : "";
  if (entry.kind === "make") return made(x, await ask(options.urls.excerpts, "POST", entry.body));
  if (entry.kind === "change") return changed(x, entry, await ask(at, "PATCH", { ...entry.body, rev: x.rev }));
  if (entry.kind === "move") {
    const before = entry.body.before === null ? null : (find(entry.body.before)?.pk ?? null);
    return moved(await ask(`${at}move/`, "POST", { section: entry.body.section, before }));
  }
  if (entry.kind === "place") return changed(x, entry, await ask(`${at}place/`, "POST", { ...entry.body, rev: x.rev }));
  if (entry.kind === "remove" || entry.kind === "restore") return returned(x, await ask(`${at}${entry.kind}/`, "POST", {}));
  return decided(await ask(options.urls[entry.kind], "POST", entry.body));
}

function refused(answer) {
  if (answer.status < 400) return false;
  toast(answer.error || "The server refused this. Reload the page.");
  return true;
}

function made(x, answer) {
  if (refused(answer)) {
    state.ex = state.ex.filter((one) => one !== x);
    drop((entry) => entry.x === x.id);
    return tell("excerpts");
  }
  const twin = [...state.all.values()].find((one) => one !== x && one.pk === answer.excerpt.id);
  if (twin) {
    state.ex = state.ex.filter((one) => one !== twin);
    state.all.delete(twin.id);
  }
  const section = x.section;
  adopt(x, answer.excerpt);
  if (pendingOf(x.id).some((entry) => entry.kind === "move")) x.section = section;
  tell("steps", answer.steps);
  tell("excerpts");
}

function changed(x, entry, answer) {
  if (answer.status === 409) return meanwhile(x, entry, answer.excerpt);
  if (refused(answer)) {
    x.refused = answer.error;
    return;
  }
  x.refused = "";
  adopt(x, answer.excerpt);
  tell("saved", x);
}

const equal = (one, two) => JSON.stringify(one) === JSON.stringify(two);

/** A colleague saved in the meantime. A field that only one of the two changed is kept; where both did, the editor chooses. */
function meanwhile(x, entry, theirs) {
  const before = x.base;
  const who = theirs.editor?.name || "A colleague";
  const mine = { ...entry.body };
  let held = null;
  for (const field of FIELDS.filter((name) => name in mine)) {
    if (equal(theirs[field], before[field])) continue; // changed only here: sent again
    if (equal(theirs[field], mine[field])) delete mine[field];
    else if (field === "text") {
      held = mine.text;
      delete mine.text;
    } else if (field === "topics") mine.topics = [...new Set([...theirs.topics, ...mine.topics])];
    else {
      delete mine[field];
      toast(`${who} changed this ${field === "speaker" ? "speaker" : `${field} point`} at the same time. Their version is kept.`);
    }
  }
  if (held !== null) x.conflict = { text: theirs.text, who };
  adopt(x, theirs);
  if (entry.kind === "place") Object.assign(mine, entry.body);
  if (held !== null) {
    x.text = isPending(x.id, "text") ? x.text : held;
    drop((other) => other !== entry && other.kind === "change" && other.x === x.id);
    entry.body = { text: x.text };
    hold(entry); // kept here until the editor chooses
  }
  if (Object.keys(mine).length) put(entry.kind, x.id, mine);
  tell("excerpts");
}

/** Applies the editor's choice: keep mine, or take theirs. */
export function choose(x, mine) {
  const theirs = x.conflict.text;
  x.conflict = null;
  drop((entry) => entry.held && entry.x === x.id);
  if (mine) put("change", x.id, { text: x.text });
  else {
    x.text = theirs;
    put("change", x.id, { text: theirs });
  }
  x.rated = null;
  tell("excerpts");
}

function moved(answer) {
  if (refused(answer)) return;
  takeOrder(answer.order);
}
export function takeOrder(order) {
  if (behind("move", "remove", "restore")) return; // newer changes are waiting, and the page shows them
  for (const x of state.ex) if (order[x.pk]) [x.section, x.order] = order[x.pk];
  tell("excerpts");
}

function returned(x, answer) {
  if (refused(answer)) return;
  const section = x.section;
  adopt(x, answer.excerpt);
  if (pendingOf(x.id).some((entry) => entry.kind === "move")) x.section = section;
  tell("steps", answer.steps);
  tell("excerpts");
}

function decided(answer) {
  if (refused(answer)) return reload();
  state.decided = answer.decided;
  tell("decisions", answer);
  for (const raw of answer.excerpts || []) {
    const x = find(raw.id);
    if (x) adopt(x, raw);
  }
  tell("excerpts");
}
async function reload() {
  const answer = await ask(options.urls.decisions);
  state.decided = answer.decided;
  tell("decisions", answer);
}

/* ---- changes that an earlier visit could not save ---- */

export function start() {
  const left = open(send, (name) => (name === null ? null : (find(name)?.pk ?? name)));
  const usable = left.filter((entry) => {
    if (entry.x === null) return true;
    if (entry.kind === "make") {
      const [s, e] = [placeOf(entry.body.start), placeOf(entry.body.end)];
      if (!s || !e) return false;
      tell("make again", { id: entry.x, s, e, section: entry.body.section, topics: entry.body.topics });
      return Boolean(find(entry.x));
    }
    const x = find(entry.x);
    if (!x) return false;
    entry.x = x.id;
    if (entry.kind === "change") {
      if (entry.held && entry.body.text !== x.text) x.conflict = { text: x.text, who: x.base?.editor?.name || "A colleague" };
      else delete entry.held;
      Object.assign(x, entry.body);
    }
    if (entry.kind === "remove") state.ex = state.ex.filter((one) => one !== x);
    return true;
  });
  if (usable.length) toast("Saving changes that were not saved on your last visit.");
  putBack(usable);
}

/** Queues a change of words, speaker, topics or clip points. */
export const saveFields = (x, fields, soon = false) => put("change", x.id, fields, { soon });
export const saveMake = (x, section, topics) => put("make", x.id, { start: cueKey(x.marked.s), end: cueKey(x.marked.e), section, topics });
export const saveMove = (x, next) => put("move", x.id, { section: x.section, before: next ? next.id : null });
export const savePlace = (x, s, e) => put("place", x.id, { start: cueKey(s), end: cueKey(e) });
export const saveAct = (x, kind) => put(kind, x.id, {});
export const decide = (kind, body) => put(kind, null, body);
export const openKey = () => active()?.pk ?? null;
