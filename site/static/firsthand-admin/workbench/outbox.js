/* Unsaved changes, in order, one request at a time. Kept in localStorage until the server has them: a lost connection, a closed
   tab or an expired login loses no words. An entry is {kind, x, body, held}; `x` is the key of an excerpt; a `held` entry waits for the editor. */

import { options } from "./dom.js";
import { tell } from "./state.js";

const PLACE = `firsthand-workbench-${options.interview}-${options.me.id}`;
const PAUSE = 600; // ms after the last letter
const RETRY = [2000, 4000, 8000, 15000]; // ms

let queue = [];
let busy = null; // the entry being sent
let timer = 0;
let failures = 0;
let send = async () => {}; // set by saving.js
const waiting = [];
let naming = (name) => name;

export const status = { is: "saved", text: "Saved" };

function become(is, text) {
  status.is = is;
  status.text = text;
  tell("saving");
}

/** Starts: `sender(entry)` resolves when the server has saved it; `lasting(x)` is a name that outlives this page. Returns the entries
    of an earlier visit. */
export function open(sender, lasting) {
  send = sender;
  naming = lasting;
  let left = [];
  try {
    left = JSON.parse(localStorage.getItem(PLACE) || "[]");
  } catch {
    left = [];
  }
  return Array.isArray(left) ? left : [];
}

function keep() {
  try {
    const entries = queue.map((entry) => ({ ...entry, x: naming(entry.x) }));
    if (entries.length) localStorage.setItem(PLACE, JSON.stringify(entries));
    else localStorage.removeItem(PLACE);
  } catch {
    // Storage is full or blocked: the changes are still in the page, and are still sent.
  }
}

export const pendingOf = (x) => queue.filter((entry) => entry.x === x);
export const isPending = (x, field) =>
  queue.some((entry) => entry !== busy && entry.kind === "change" && entry.x === x && field in entry.body);
/** Entries of these kinds that wait behind the one being sent. */
export const behind = (...kinds) => queue.filter((entry) => entry !== busy && kinds.includes(entry.kind)).length;

const SHAPING = ["make", "move", "remove", "restore", "place"];
let shaped = 0; // counts entries queued or answered that change which excerpts there are, or their order
/** An answer from before such a change must not be mixed with the page after it: equal stamps, and no change under way, rule that out. */
export const shape = () => (queue.some((entry) => SHAPING.includes(entry.kind)) ? NaN : shaped);

export const isEmpty = () => !queue.some((entry) => !entry.held);

/** Adds to the queue. Waiting changes of one excerpt are sent as one. */
export function put(kind, x, body, { soon = false } = {}) {
  const waits = queue.findLast((entry) => entry.x === x && entry !== busy);
  if (kind === "change" && waits?.kind === "change" && !waits.held) Object.assign(waits.body, body);
  else queue.push({ kind, x, body });
  if (SHAPING.includes(kind)) shaped++;
  keep();
  if (status.is !== "off") become("busy", "Saving…");
  clearTimeout(timer);
  timer = setTimeout(run, soon ? PAUSE : 0);
}

/** Puts entries of an earlier visit, or one that the editor released, at the front. */
export function putBack(entries) {
  queue = [...entries, ...queue];
  keep();
  if (!isEmpty()) timer = setTimeout(run, 0);
}

/** Removes entries from the queue. */
export function drop(test) {
  queue = queue.filter((entry) => entry === busy || !test(entry));
  keep();
}

export function hold(entry) {
  entry.held = true;
  keep();
}

async function run() {
  if (busy) return;
  clearTimeout(timer);
  busy = queue.find((entry) => !entry.held) || null;
  if (!busy) return settle();
  const entry = busy;
  let failed = null;
  try {
    await send(entry);
  } catch (error) {
    failed = error;
  }
  busy = null;
  if (failed?.again) {
    failures++;
    become("off", failed.message);
    timer = setTimeout(run, RETRY[Math.min(failures, RETRY.length) - 1]);
    for (const one of waiting.splice(0)) one.reject(failed);
    return;
  }
  if (failed) console.warn(failed);
  failures = 0;
  if (!entry.held) queue = queue.filter((one) => one !== entry);
  keep();
  run();
}

function settle() {
  const now = new Date();
  if (queue.length) become("held", "Not saved: choose whose version to keep");
  else become("saved", `Saved ${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`);
  for (const one of waiting.splice(0)) one.resolve();
}

/** Sends all waiting entries now. Rejects when there is no connection: every entry is kept. */
export function flush() {
  if (isEmpty() && !busy) return Promise.resolve();
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    run();
  });
}

addEventListener("online", run);
addEventListener("offline", () => become("off", "Not saved: no connection, kept here, trying again"));
document.addEventListener("visibilitychange", () => document.hidden && run());
