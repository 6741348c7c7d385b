/* Marking words, by dragging or with the keyboard, and the bar that appears next to them. */

import { $, say } from "./dom.js";
import { NAMES, SECTIONS, state } from "./state.js";
import { place, rangeOf, show, step, tx, words } from "./transcript.js";
import { esc, sentenceAt } from "./words.js";

const bar = $("selbar");
let quiet = false;
let timer = 0;
let press = () => {};

const before = (one, two) => one.c < two.c || (one.c === two.c && one.o < two.o);

/** Extends a range to whole words. */
function snap(s, e) {
  const first = words(s.c).find((word) => word.b > s.o) || words(s.c).at(-1);
  const last = [...words(e.c)].reverse().find((word) => word.a < e.o) || words(e.c)[0];
  return first && last ? { s: { c: s.c, o: first.a }, e: { c: e.c, o: last.b } } : null;
}

document.addEventListener("selectionchange", () => {
  if (quiet) return;
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed || !tx.contains(chosen.anchorNode)) {
    if (!tx.contains(document.activeElement) && document.activeElement !== document.body) return;
    state.sel = null;
    bar.hidden = true;
    return;
  }
  const range = chosen.getRangeAt(0);
  const s = place(range.startContainer, range.startOffset);
  const e = place(range.endContainer, range.endOffset);
  state.sel = s && e ? snap(s, e) : null;
  clearTimeout(timer);
  if (state.sel) timer = setTimeout(showBar, 120);
});

/** Marks words from `s` to `e`. */
export function mark(s, e) {
  state.sel = { s, e };
  quiet = true;
  const chosen = getSelection();
  chosen.removeAllRanges();
  chosen.addRange(rangeOf(s, e));
  setTimeout(() => (quiet = false), 0);
  showBar();
}
export function unmark() {
  state.sel = null;
  quiet = true;
  getSelection().removeAllRanges();
  setTimeout(() => (quiet = false), 0);
  bar.hidden = true;
}
export const hideBar = () => (bar.hidden = true);

function showBar() {
  const chosen = getSelection();
  if (!state.sel || !chosen.rangeCount) return;
  const boxes = chosen.getRangeAt(0).getClientRects();
  if (!boxes.length) return;
  const [first, last] = [boxes[0], boxes[boxes.length - 1]];
  const outer = bar.parentElement.getBoundingClientRect();
  bar.hidden = false;
  const below = last.bottom - outer.top + 8;
  const top = below + bar.offsetHeight > outer.height ? first.top - outer.top - bar.offsetHeight - 8 : below;
  bar.style.top = `${Math.max(100, Math.min(top, outer.height - bar.offsetHeight - 12))}px`;
  bar.style.left = `${Math.max(12, Math.min(outer.width - bar.offsetWidth - 12, last.left - outer.left))}px`;
}

/** Draws the bar: sections, topics and the other actions on marked words. `key` is the key that a press stands for. */
export function drawBar(key) {
  press = key;
  const button = (k, label, strong = "") =>
    `<button type="button" data-k="${k}"${strong}><kbd aria-hidden="true">${k.toUpperCase()}</kbd>${esc(label)}</button>`;
  bar.innerHTML =
    SECTIONS.map((section, i) => button(String(i + 1), NAMES[section], ' class="m"')).join("") +
    button("p", "Play") +
    button("x", "Hide when published") +
    "<hr>" +
    Object.entries(state.topics.keys)
      .map(([k, name]) => button(k, name))
      .join("");
}
bar.addEventListener("pointerdown", (event) => {
  event.preventDefault(); // the marked words stay marked
  const button = event.target.closest("button");
  if (button) press(button.dataset.k);
});
bar.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button && event.detail === 0) press(button.dataset.k);
});

/* ---- with the keyboard ---- */

/** Marks one word more or less at the end. */
export function extend(d) {
  if (!state.sel) return mark({ c: state.word.c, o: state.word.a }, { c: state.word.c, o: state.word.b });
  const next = step(state.sel.e, d);
  const end = { c: next.c, o: next.w.b };
  if (!before(state.sel.s, end)) return;
  mark(state.sel.s, end);
  show(next.c, "nearest");
}

/** Marks the sentence at the keyboard cursor; pressed again, one more, also in the speaker's next line. */
export function sentence() {
  const { sel, cues, word } = state;
  let { c, o } = sel ? sel.e : { c: word.c, o: word.a };
  if (sel && o >= cues[c].text.trimEnd().length) {
    const who = cues[sel.s.c].who;
    let next = c + 1;
    while (next < cues.length && cues[next].who !== who) next++;
    if (next >= cues.length) return say("This is the speaker's last line.");
    [c, o] = [next, 0];
  } else if (sel) while (/\s/.test(cues[c].text[o] || "")) o++;
  const at = sentenceAt(cues[c].text, o);
  mark(sel ? sel.s : { c, o: at.begin }, { c, o: at.end });
  show(c, "nearest");
}

export const wholeLine = (c) => mark({ c, o: 0 }, { c, o: state.cues[c].text.length });
