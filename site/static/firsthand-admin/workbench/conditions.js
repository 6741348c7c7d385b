/* Conditions mentioned in the transcript, one at a time, with their place; Y accepts. */

import { $, say, toast } from "./dom.js";
import { remember } from "./excerpts.js";
import { decide } from "./saving.js";
import { on, state } from "./state.js";
import { clock, esc, plural } from "./words.js";

const box = $("cond");

export function found(list) {
  state.conditions.suggested = list;
  draw();
}
on("decisions", (all) => {
  state.conditions.decided = all.conditions;
  draw();
});

const open = () => {
  const done = new Set(state.conditions.decided.map((one) => one.id));
  return state.conditions.suggested.filter((one) => !done.has(one.id));
};
export const accepted = () => state.conditions.decided.filter((one) => one.accepted);

export function draw() {
  const [one] = open();
  let html = "";
  if (one) {
    const [cue, , , sentence] = one.hits[0];
    const c = state.index.get(cue);
    const start = state.cues[c]?.start;
    html = `<span class="soft">Condition?</span><b>${esc(one.name)}</b><button class="link" type="button" data-go="${c}">${start == null ? "show" : clock(start)}</button><q>${esc(sentence)}</q>`;
    if (one.places > 1) html += `<span class="soft">${plural(one.places, "place", "places")}</span>`;
    html +=
      '<button class="btn sm" type="button" data-do="yes"><kbd aria-hidden="true">Y</kbd> Accept</button><button class="btn ol sm" type="button" data-do="no">Not this</button>';
  }
  html += accepted()
    .map(
      (got) =>
        `<span class="chip">${esc(got.name)}<button type="button" data-undo="${got.id}" aria-label="${esc(got.name)}: undo">×</button></span>`,
    )
    .join("");
  box.innerHTML = html;
}

function decideOn(id, name, answer) {
  state.conditions.decided = state.conditions.decided.filter((one) => one.id !== id);
  if (answer !== null) {
    state.conditions.decided.push({ id, name, accepted: answer });
    remember(() => decideOn(id, name, null));
  }
  decide("condition", { condition: id, accepted: answer });
  draw();
  say(answer === null ? `${name}: open again` : `${name} ${answer ? "accepted" : "refused"}`);
}

/** Accepts or rejects the suggestion that is shown. */
export function answer(accept) {
  const [one] = open();
  if (!one) return toast("There are no suggested conditions");
  decideOn(one.id, one.name, accept);
}

box.addEventListener("click", (event) => {
  const undo = event.target.closest("[data-undo]");
  const one = undo && state.conditions.decided.find((known) => String(known.id) === undo.dataset.undo);
  if (one) decideOn(one.id, one.name, null);
});
