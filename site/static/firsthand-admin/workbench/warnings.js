/* Words that may identify a person: shown with the reason, replaced in what is published by one action, or kept with a reason.
   No text changes without the editor. */

import { $, say, toast } from "./dom.js";
import { remember } from "./excerpts.js";
import { decide } from "./saving.js";
import { on, state, tell } from "./state.js";
import { hideBar } from "./selection.js";
import { line, redraw, show, tx } from "./transcript.js";
import { clock, esc } from "./words.js";

const pop = $("pop");
const REASONS = { name: "Name of a person" };
let last = { c: -1, at: -1 }; // the warning that the key N showed last

function index() {
  const before = new Set(state.warningsAt.keys());
  state.warningsAt.clear();
  state.warnings.sort((a, b) => a.c - b.c || a.at - b.at);
  for (const w of state.warnings) {
    if (!state.warningsAt.has(w.c)) state.warningsAt.set(w.c, []);
    state.warningsAt.get(w.c).push(w);
  }
  for (const c of new Set([...before, ...state.warningsAt.keys()])) redraw(c);
}
const warning = (cue, a, b, kind, reason, form) => {
  const c = state.index.get(cue);
  return {
    id: `${cue}.${a}.${b}`,
    cue,
    c,
    at: a,
    end: b,
    text: state.cues[c].text.slice(a, b),
    kind,
    reason,
    form,
    state: "",
    neutral: "",
    why: "",
  };
};

/** Joins the server's findings with the decisions. */
export function found(list) {
  const decided = state.warnings.filter((w) => w.state);
  state.warnings = list.filter(([cue]) => state.index.has(cue)).map((raw) => warning(...raw));
  for (const w of decided) {
    const same = state.warnings.find((one) => one.id === w.id);
    if (same) Object.assign(same, { state: w.state, neutral: w.neutral, why: w.why });
    else state.warnings.push(w);
  }
  index();
}

/** Takes over the decisions stored on the server. */
export function decisions(list) {
  for (const w of state.warnings) w.state = "";
  for (const one of list) {
    if (!state.index.has(one.cue)) continue;
    const id = `${one.cue}.${one.at}.${one.end}`;
    let w = state.warnings.find((known) => known.id === id);
    if (!w) {
      w = { ...warning(one.cue, one.at, one.end, one.kind, REASONS[one.kind] || "Selected by an editor", one.neutral), own: true };
      state.warnings.push(w);
    }
    Object.assign(w, { state: one.state, neutral: one.neutral, why: one.why });
  }
  state.warnings = state.warnings.filter((w) => w.state || !w.own);
  index();
}
on("decisions", (all) => {
  decisions(all.identifiers);
  tell("excerpts");
});

/** Records the editor's decision: 'replaced' by a form, 'dismissed' for a reason, or '' to reopen the warning. */
export function answer(w, is, form = "", reason = "") {
  const undo = () => answer(w, "");
  if (is) remember(undo);
  Object.assign(w, { state: is, neutral: form, why: reason });
  decide("identifier", { cue: w.cue, at: w.at, end: w.end, state: is, neutral: form, reason });
  if (!state.warnings.includes(w)) state.warnings.push(w);
  index();
  close();
  tell("excerpts");
  if (is === "replaced") toast(`Published as ${form}. The transcript does not change.`, "Undo", undo);
  if (is === "dismissed") toast("Kept, with your reason", "Undo", undo);
  if (!is) say("The warning is open again.");
}

export const isOpen = () => !pop.hidden;
export function close() {
  pop.hidden = true;
}
export const replaceNow = () => $("doR")?.click();

/** Shows a warning at its place in the transcript. */
export function openAt(w) {
  show(w.c, "nearest");
  requestAnimationFrame(() => draw(w));
}

function draw(w) {
  const spot = line(w.c).querySelector(`[data-w="${CSS.escape(w.id)}"]`) || line(w.c).lastElementChild;
  const outer = pop.parentElement.getBoundingClientRect();
  const box = spot.getBoundingClientRect();
  const cue = state.cues[w.c];
  hideBar();
  pop.hidden = false;
  const where = `<p>“${esc(w.text)}”, ${esc(cue.who)}${cue.start == null ? "" : `, ${clock(cue.start)}`}</p>`;
  const answered = w.state
    ? `<p>${w.state === "replaced" ? `Published as <b>${esc(w.neutral)}</b>` : `Kept: ${esc(w.why)}`}</p><div class="line"><button type="button" class="btn ol sm" id="wb-doU">Undo</button></div>`
    : "";
  pop.innerHTML = `<h2>${esc(w.reason)}</h2>${where}${answered}
    <div class="line"><label class="hush" for="wb-by">Neutral form</label><input type="text" id="wb-by" maxlength="80" value="${esc(w.neutral || w.form)}"><button type="button" class="btn sm" id="wb-doR"><kbd aria-hidden="true">R</kbd> Replace</button></div>
    <div class="line"><label class="hush" for="wb-wy">Reason to keep it</label><input type="text" id="wb-wy" maxlength="300" placeholder="Reason to keep it" value="${esc(w.why)}"><button type="button" class="btn ol sm" id="wb-doD">Keep</button></div>
    <p class="soft">Only what is published changes. The transcript does not change.</p>`;
  const top = box.bottom - outer.top + 8;
  pop.style.left = `${Math.max(12, Math.min(outer.width - pop.offsetWidth - 12, box.left - outer.left - 20))}px`;
  pop.style.top = `${Math.max(8, top + pop.offsetHeight > outer.height ? box.top - outer.top - pop.offsetHeight - 8 : top)}px`;
  $("doR").addEventListener("click", () => {
    const form = $("by").value.trim();
    if (!form) return $("by").focus();
    back(() => answer(w, "replaced", form));
  });
  $("doD").addEventListener("click", () => {
    const reason = $("wy").value.trim();
    if (reason) return back(() => answer(w, "dismissed", "", reason));
    $("wy").focus();
    $("wy").placeholder = "A reason is needed";
  });
  $("doU")?.addEventListener("click", () => back(() => answer(w, "")));
  $("doR").focus();
}
function back(action) {
  action();
  tx.focus({ preventScroll: true });
}

/** Goes to the next open warning, from the top again after the last. */
export function next() {
  const open = state.warnings.filter((w) => !w.state);
  if (!open.length) return toast("There are no open warnings");
  const w = open.find((one) => one.c > last.c || (one.c === last.c && one.at > last.at)) || open[0];
  last = w;
  openAt(w);
}

/** Hides marked words that no rule found, in what is published, like the others. */
export function hideMarked() {
  const { sel } = state;
  if (!sel || sel.s.c !== sel.e.c) return toast("Select the words to hide, within one line");
  const cue = state.cues[sel.s.c];
  const w = warning(cue.id, sel.s.o, sel.e.o, "name", "Hide these words when published", "[name]");
  const overlap = (state.warningsAt.get(w.c) || []).find((one) => one.at < w.end && one.end > w.at);
  draw(overlap || { ...w, own: true });
}
