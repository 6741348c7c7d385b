/* From marked words to an excerpt, as the server does it: shown at once, until the server's answer replaces it. Pure. */

import { sure, tokens } from "./rating.js";

const FEW_WORDS = 3;

/** Estimates when the character at `offset` is said, from the length of the text before it. null without time codes. */
export function timeAt(cue, offset) {
  if (cue.start == null || cue.end == null) return null;
  const share = Math.min(1, Math.max(0, offset / Math.max(1, cue.text.length)));
  return Math.round((cue.start + (cue.end - cue.start) * share) * 10) / 10;
}

/** Returns one speaker's words from `s` to `e` ({c: index of a cue, o: offset}); null where there are none. */
export function runOf(cues, s, e, asking) {
  const parts = [];
  for (let c = s.c; c <= e.c; c++) {
    const said = cues[c].text.slice(c === s.c ? s.o : 0, c === e.c ? e.o : undefined).trim();
    if (said) parts.push({ c, who: cues[c].who, said });
  }
  if (!parts.length) return null;
  const lengths = new Map();
  for (const part of parts) lengths.set(part.who, (lengths.get(part.who) || 0) + part.said.length);
  const weight = (who) => (asking.has(who) ? 0 : 1e9) + lengths.get(who);
  const who = [...lengths.keys()].reduce((best, one) => (weight(one) > weight(best) ? one : best));
  let asked = "";
  let verbatim = "";
  let gap = false;
  for (const part of parts) {
    if (part.who === who) {
      verbatim += (verbatim ? (gap ? " […] " : " ") : "") + part.said;
      gap = false;
    } else if (!verbatim) asked = part.said;
    else if (tokens(part.said, true).filter((token) => token.kind === "word").length > FEW_WORDS) gap = true;
  }
  const own = parts.filter((part) => part.who === who);
  const first = own[0].c;
  const last = own.at(-1).c;
  const begin = { c: first, o: first === s.c ? s.o : 0 };
  const end = { c: last, o: last === e.c ? e.o : cues[last].text.length };
  return {
    who,
    verbatim,
    text: sure(verbatim),
    s: begin,
    e: end,
    asked: asked || questionBefore(cues, first, who),
    in: timeAt(cues[first], begin.o),
    out: timeAt(cues[last], end.o),
  };
}

function questionBefore(cues, index, who) {
  if (index === 0 || cues[index - 1].who === who) return "";
  const before = cues[index - 1].text.trim();
  return /[?؟？]$/.test(before) ? before : "";
}
