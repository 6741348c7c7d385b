/* The workbench: loads the interview, shows it, and then fetches warnings and suggestions. */

import { $, idle, options, root, toast } from "./dom.js";
import "./cards.js";
import { found as foundConditions } from "./conditions.js";
import { prepare } from "./find.js";
import "./keys.js";
import { status } from "./outbox.js";
import { ready } from "./player.js";
import { watch } from "./presence.js";
import { ask, fromServer, start } from "./saving.js";
import { on, state, tell } from "./state.js";
import "./strip.js";
import { build, cursor, fillAll, redrawExcerpt, tx } from "./transcript.js";
import { decisions, found } from "./warnings.js";

on("saving", () => {
  $("save").dataset.s = status.is;
  $("save").textContent = status.text;
});
on("steps", (steps) => {
  if (!steps) return;
  for (const [i, item] of [...$("prog").children].entries()) {
    item.className = steps[i].is;
    if (steps[i].is === "now") item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
});

/** Takes over the server's data of the interview. */
function read(data) {
  state.voices = data.voices;
  state.asking = new Set(data.asking.map((i) => data.voices[i]));
  state.cues = data.cues.map(([id, from, to, who, text]) => ({ id, start: from, end: to, who: data.voices[who], text }));
  state.index = new Map(state.cues.map((cue, i) => [cue.id, i]));
  state.lang = data.language;
  state.timed = state.cues.some((cue) => cue.start != null);
  state.duration = state.cues.reduce((most, cue) => Math.max(most, cue.end ?? 0), data.duration || 0);
  state.peaks = data.peaks;
  state.topics = data.topics;
  state.decided = data.decided;
  state.imported = data.imported;
  state.ex = data.excerpts.map(fromServer);
}

async function load() {
  const data = await ask(options.urls.data);
  if (data.status !== 200) throw new Error(data.error);
  read(data);
  for (const part of root.querySelectorAll(".deck,.desk")) part.classList.toggle("untimed", !state.timed);
  if (!state.cues.length) {
    tx.innerHTML = '<p class="none">There is no transcript yet. Import it on the page of the interview.</p>';
    tell("excerpts");
    return;
  }
  start();
  decisions(data.decisions.identifiers);
  build();
  tell("topics");
  tell("decisions", data.decisions);
  ready();
  cursor(0, 0);
  tx.focus({ preventScroll: true });
  performance.mark("workbench-ready");
  root.dataset.ready = "";
  watch(data.now);
  idle(prepare);
  fillAll();
  look();
}

/** Warnings and suggestions take the server a moment: they are fetched once the transcript is shown. */
async function look() {
  try {
    const all = await ask(options.urls.found);
    if (all.status !== 200) return;
    found(all.identifiers);
    foundConditions(all.conditions.filter((one) => state.index.has(one.hits[0][0])));
    for (const x of state.ex) redrawExcerpt(x);
    tell("excerpts");
    root.dataset.found = "";
  } catch (error) {
    toast(`The search for names and conditions failed: ${error.message}`, "Try again", look);
  }
}

load().catch((error) => {
  tx.innerHTML = '<p class="none"></p>';
  tx.firstElementChild.textContent = `The interview could not be loaded: ${error.message}. Reload the page.`;
});
