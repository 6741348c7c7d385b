/* The find box: all matches in the transcript; only those near the screen are painted. */

import { $, highlight } from "./dom.js";
import { player } from "./player.js";
import { on, state, tell } from "./state.js";
import { CHUNK, cursor, near, rangeOf, show, tx, words } from "./transcript.js";
import { sentence, unmark } from "./selection.js";
import { fold } from "./words.js";

export const find = { hits: [], at: -1, query: "" };
let folded = [];
const box = $("find");

/** The searchable text of the transcript; built when the browser is idle, or at the first search. */
export function prepare() {
  if (folded.length !== state.cues.length) folded = state.cues.map((cue) => fold(cue.text));
}

function search(text) {
  prepare();
  const query = fold(text.trim());
  find.query = query.length > 1 ? query : "";
  find.hits = [];
  find.at = -1;
  if (find.query)
    for (let c = 0; c < folded.length; c++)
      for (let a = folded[c].indexOf(query); a >= 0; a = folded[c].indexOf(query, a + query.length))
        find.hits.push({ c, a, b: a + query.length });
  if (find.hits.length) {
    const from =
      state.timed && player.at
        ? find.hits.findIndex((hit) => (state.cues[hit.c].start ?? 0) >= player.at)
        : find.hits.findIndex((hit) => hit.c >= state.word.c);
    find.at = Math.max(0, from);
    show(find.hits[find.at].c, "nearest");
  }
  paint();
  count();
  tell("strip");
}

function count() {
  $("count").textContent = !find.query
    ? ""
    : find.hits.length
      ? `${(find.at + 1).toLocaleString()} of ${find.hits.length.toLocaleString()}`
      : "Not found";
}

function paint() {
  const [all, now] = [highlight("wb-hit"), highlight("wb-hitnow")];
  all.clear();
  now.clear();
  if (!find.query) return;
  for (const block of near) {
    const from = block * CHUNK;
    let [low, high] = [0, find.hits.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (find.hits[middle].c < from) low = middle + 1;
      else high = middle;
    }
    for (; low < find.hits.length && find.hits[low].c < from + CHUNK; low++) {
      const { c, a, b } = find.hits[low];
      (low === find.at ? now : all).add(rangeOf({ c, o: a }, { c, o: b }));
    }
  }
}
on("near", paint);

box.addEventListener("input", () => search(box.value));
box.addEventListener("keydown", (event) => {
  if (["Enter", "ArrowDown", "ArrowUp"].includes(event.key) && find.hits.length) {
    event.preventDefault();
    const d = event.shiftKey || event.key === "ArrowUp" ? -1 : 1;
    find.at = (find.at + d + find.hits.length) % find.hits.length;
    show(find.hits[find.at].c);
    paint();
    count();
  }
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    leave();
  }
});

/** Returns to the transcript and marks the sentence that was found. */
function leave() {
  tx.focus({ preventScroll: true });
  if (!find.hits.length) return;
  const hit = find.hits[find.at];
  unmark();
  cursor(
    hit.c,
    words(hit.c).findIndex((word) => word.b > hit.a),
  );
  sentence();
}
export function focus() {
  box.focus();
  box.select();
}
