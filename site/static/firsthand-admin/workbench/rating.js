/* How far a quote was edited: verbatim, lightly edited or reworded.
   Pure functions, the same as transcripts/words.py and transcripts/rating.py and tested with the same cases
   (tests/transcripts/rating_cases.json); compiling and publication use the server's rating.
   `lang` is {fillers, loose, protected}: the language's data file, sent with the interview. Without it no word is a filler. */

export const MAX_OMISSIONS = 3;
export const MIN_KEPT = 0.5;
export const MAX_BRACKET = 4;

const SOUND = /^\[(laugh\w*|laughter|sigh\w*|cough\w*|pause|noise|music|crying|cries|crosstalk|silence)[^\]]*\]$/i;
const OMISSION = /^(\[\s*(\.{2,}|…)\s*\]|…|\.{3,})$/;
const INNER = String.raw`[\p{L}\p{M}\p{N}]+(?:(?:['’\-‐‑@]|[.,](?=\p{N}))[\p{L}\p{M}\p{N}]+)*`;
const TOKEN = new RegExp(String.raw`\[\?.*?\?\]|\[[^\]]*\]|…|\.{3,}|${INNER}[-–](?=\s|$)|${INNER}|[%€$£°]`, "gu");
/* '[?word?]': the first closing mark ends it, whatever comes after. */
const DOUBT = String.raw`\[\?((?:(?!\?\]).)*)\?\]`;
const DOUBT_THEN_WORD = new RegExp(DOUBT + String.raw`(?=[\p{L}\p{N}])`, "gu");
const ANY_DOUBT = new RegExp(DOUBT, "gu");
const DIGIT = /[\p{Nd}²³¹⁰⁴-⁹₀-₉①-⑨]/u;

const sets = new WeakMap();
function language(lang) {
  if (!sets.has(lang))
    sets.set(lang, {
      fillers: new Set(lang.fillers || []),
      loose: (lang.loose || []).map((phrase) => phrase.split(" ")),
      protected: new Set(lang.protected || []),
    });
  return sets.get(lang);
}

export const norm = (word) => word.normalize("NFC").toLowerCase().replace(/[’‘]/g, "'").replace(/[‐‑]/g, "-");

/** Returns tokens {raw, n, at, end, kind: word | omit | sound | gap | bracket}. `said`: in a transcript dots are a pause. */
export function tokens(text, said) {
  const found = [];
  for (const match of text.matchAll(TOKEN)) {
    const raw = match[0];
    const at = match.index;
    const end = at + raw.length;
    if (raw.startsWith("[?") && raw.length >= 4) {
      const last = found.at(-1);
      let glue = Boolean(last) && last.kind === "word" && last.end === at; // 'O[?K?]' is one word
      for (const inner of raw.slice(2, -2).matchAll(TOKEN)) {
        if (glue && inner.index === 0) {
          last.raw += inner[0];
          last.n += norm(inner[0]);
          last.end = end;
        } else {
          const start = at + 2 + inner.index;
          found.push({ raw: inner[0], n: norm(inner[0]), at: start, end: start + inner[0].length, kind: "word" });
        }
        glue = false;
      }
      continue;
    }
    let kind = "word";
    if (OMISSION.test(raw)) {
      if (said) continue;
      kind = "omit";
    } else if (raw.toLowerCase().startsWith("[inaudible")) kind = "gap";
    else if (SOUND.test(raw)) kind = "sound";
    else if (raw[0] === "[") kind = "bracket";
    found.push({ raw, n: norm(raw), at, end, kind });
  }
  return found;
}

const isProtected = (token, lang) =>
  token.kind === "word" && (DIGIT.test(token.n) || token.n.endsWith("n't") || language(lang).protected.has(token.n));

function pauseAt(text, index, step) {
  while (index >= 0 && index < text.length && /\s/.test(text[index])) index += step;
  return index < 0 || index >= text.length || ",.;:!?…—–-".includes(text[index]);
}

/** Marks each spoken token that may be left out without a mark: .free = filler | repeat | broken | sound | edge. */
export function markFree(said, text, lang, keepFirst = true) {
  const { fillers, loose } = language(lang);
  said.forEach((token, index) => {
    if (token.kind === "sound") token.free = "sound";
    else if (token.kind === "gap") token.free = index === 0 || index === said.length - 1 ? "edge" : "";
    else if (fillers.has(token.n)) token.free = "filler";
    else if (/[-–]$/.test(token.raw)) token.free = "broken";
  });
  for (const phrase of loose)
    for (let i = 0; i + phrase.length <= said.length; i++) {
      const run = said.slice(i, i + phrase.length);
      if (!run.every((token, k) => token.n === phrase[k])) continue;
      if (pauseAt(text, run[0].at - 1, -1) && pauseAt(text, run.at(-1).end, 1)) for (const token of run) token.free ||= "filler";
    }
  const counted = said.filter((token) => token.kind === "word" && !token.free);
  for (let size = 3; size >= 1; size--)
    for (let i = 0; i + 2 * size <= counted.length; i++) {
      let twice = true;
      for (let k = 0; twice && k < size; k++) twice = counted[i + k].n === counted[i + size + k].n && !counted[i + k].free;
      if (!twice || (size === 1 && DIGIT.test(counted[i].n))) continue;
      for (let k = 0; k < size; k++) counted[i + k + (keepFirst ? 0 : size)].free = "repeat";
    }
  return said;
}

const same = (one, two) => one.n === two.n && one.kind === two.kind;

/** Returns the longest common run, where words that count weigh more than free ones: [{op: same | del | add, a?, b?}].
    O(n x m) between the common ends. */
export function diff(a, b) {
  let head = 0;
  while (head < a.length && head < b.length && !a[head].free && same(a[head], b[head])) head++;
  let tail = 0;
  const most = Math.min(a.length, b.length) - head;
  while (tail < most && !a[a.length - 1 - tail].free && same(a[a.length - 1 - tail], b[b.length - 1 - tail])) tail++;
  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  const n = left.length;
  const m = right.length;
  const width = m + 1;
  const weights = new Uint16Array((n + 1) * width);
  const keys = new Map();
  const key = (token) => {
    const name = `${token.kind} ${token.n}`;
    if (!keys.has(name)) keys.set(name, keys.size);
    return keys.get(name);
  };
  const ka = Int32Array.from(left, key);
  const kb = Int32Array.from(right, key);
  const weight = Uint8Array.from(left, (token) => (token.free ? 1 : 2));
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--) {
      let best = Math.max(weights[(i + 1) * width + j], weights[i * width + j + 1]);
      if (ka[i] === kb[j]) best = Math.max(best, weights[(i + 1) * width + j + 1] + weight[i]);
      weights[i * width + j] = best;
    }
  const steps = a.slice(0, head).map((token, i) => ({ op: "same", a: token, b: b[i] }));
  for (let i = 0, j = 0; i < n || j < m; ) {
    if (i < n && j < m && ka[i] === kb[j] && weights[i * width + j] === weights[(i + 1) * width + j + 1] + weight[i])
      steps.push({ op: "same", a: left[i++], b: right[j++] });
    else if (i < n && (j >= m || weights[(i + 1) * width + j] >= weights[i * width + j + 1])) steps.push({ op: "del", a: left[i++] });
    else steps.push({ op: "add", b: right[j++] });
  }
  for (let i = tail; i > 0; i--) steps.push({ op: "same", a: a[a.length - i], b: b[b.length - i] });
  return steps;
}

/** Removes the transcriber's marks of doubt. A new quote starts without them; the card asks to listen. */
export const sure = (text) => text.replace(DOUBT_THEN_WORD, "$1 ").replace(ANY_DOUBT, "$1");
/** Returns the words that the transcriber was not sure of. */
export const doubts = (text) => [...text.matchAll(ANY_DOUBT)].map((match) => match[1]);
const plain = (text) => sure(text.normalize("NFC").replace(/[‘’]/g, "'").replace(/[“”]/g, '"')).replace(/\s+/g, " ").trim();

/** rate(said, published, lang) -> {rating, reasons, counts, share, meaning, steps} */
export function rate(said, published, lang) {
  // Of words said twice either one may be left out: the second reading is tried only where the first fails.
  const first = attempt(said, published, lang, true);
  if (first.rating !== "reworded" || !first.repeats) return first;
  const second = attempt(said, published, lang, false);
  return second.rating === "reworded" ? first : second;
}

function attempt(said, published, lang, keepFirst) {
  const a = markFree(tokens(said, true), said, lang, keepFirst);
  const b = tokens(published, false);
  const steps = diff(a, b);
  const counts = { words: 0, kept: 0, fillers: 0, repeats: 0, omissions: 0, omitted: 0, replaced: 0, unmarked: 0, added: 0 };
  const found = { meaning: [], unmarked: [], added: [] };
  for (const token of a) if (token.kind === "word" && !token.free) counts.words++;
  for (let i = 0; i < steps.length; ) {
    if (steps[i].op === "same") {
      steps[i].kind = "same";
      if (steps[i].a.kind === "word" && !steps[i].a.free) counts.kept++;
      i++;
      continue;
    }
    // An edit is the text between two kept words. Its content decides its kind.
    let end = i;
    while (end < steps.length && steps[end].op !== "same") end++;
    judge(steps.slice(i, end), counts, found, lang);
    i = end;
  }
  return { ...verdict(said, published, b, counts, found), steps, repeats: a.some((token) => token.free === "repeat") };
}

/** Names each step of one edit and counts it. */
function judge(run, counts, found, lang) {
  const gone = run.filter((step) => step.op === "del");
  const added = run.filter((step) => step.op === "add");
  const lost = gone.filter((step) => !step.a.free);
  const brackets = added.filter((step) => ["bracket", "sound", "gap"].includes(step.b.kind));
  const marked = added.some((step) => step.b.kind === "omit");
  const shown = brackets.length > 0 && brackets.every((step) => step.b.raw.split(/\s+/).length <= MAX_BRACKET);
  for (const step of gone)
    if (step.a.free) {
      step.kind = step.a.free;
      if (step.a.free === "repeat") counts.repeats++;
      else if (step.a.free === "filler" || step.a.free === "broken") counts.fillers++;
    }
  for (const step of added) step.kind = step.b.kind === "omit" ? "mark" : step.b.kind !== "word" && shown ? "shown" : "added";
  if (lost.length && marked) {
    counts.omissions++;
    counts.omitted += lost.length;
    for (const step of lost) {
      step.kind = "omitted";
      if (isProtected(step.a, lang)) found.meaning.push(step.a.raw);
    }
  } else if (lost.length && shown) {
    counts.replaced++;
    for (const step of lost) step.kind = "replaced";
  } else {
    counts.unmarked += lost.length;
    for (const step of lost) {
      step.kind = "unmarked";
      found.unmarked.push(step.a.raw);
    }
    if (shown) counts.replaced++;
  }
  const words = added.filter((step) => step.b.kind === "word").map((step) => step.b.raw);
  if (!shown) words.push(...brackets.map((step) => step.b.raw));
  counts.added += words.length;
  found.added.push(...words);
}

const some = (words) => words.slice(0, 4).join(", ") + (words.length > 4 ? " …" : "");

function verdict(said, published, b, counts, found) {
  const kept = counts.words ? counts.kept / counts.words : 1;
  const wholly = !(counts.fillers || counts.repeats || counts.omissions || counts.replaced || counts.unmarked || counts.added);
  // A quote with a visible gap where another person spoke is no longer verbatim.
  const gap = b.some((token) => token.kind === "omit" && token.raw[0] === "[");
  const punctuation = wholly && (plain(said) !== plain(published) || gap);
  const reasons = [];
  if (counts.added)
    reasons.push({
      code: "added",
      text: `${counts.added === 1 ? "A word is" : `${counts.added} words are`} not in the transcript: ${some(found.added)}`,
    });
  if (counts.unmarked)
    reasons.push({ code: "unmarked", text: `Left out without a mark: ${some(found.unmarked)}`, isFixable: !counts.added });
  if (counts.omissions > MAX_OMISSIONS)
    reasons.push({
      code: "omissions",
      text: `${counts.omissions} omissions; a quote can have at most ${MAX_OMISSIONS}. Make two excerpts.`,
    });
  if (counts.omissions && kept < MIN_KEPT)
    reasons.push({ code: "share", text: `Only ${Math.round(kept * 100)} % of the words are left. Make two excerpts.` });
  const rating = reasons.length ? "reworded" : wholly && !punctuation ? "verbatim" : "lightly edited";
  return { rating, reasons, counts, punctuation, share: Math.round(Math.min(1, kept) * 100), meaning: found.meaning };
}

/** Puts […] where words were left out without a mark: a slip becomes a visible omission. */
export function markOmissions(said, published, lang) {
  const { steps } = rate(said, published, lang);
  let out = "";
  let position = 0;
  for (let i = 0; i < steps.length; i++) {
    if (steps[i].b) {
      const end = steps[i].b.end + (published.startsWith("?]", steps[i].b.end) ? 2 : 0);
      out += published.slice(position, end);
      position = Math.max(position, end);
    }
    if (steps[i].kind === "unmarked") {
      while (i + 1 < steps.length && steps[i + 1].op === "del") i++;
      out += " […]";
    }
  }
  return (out + published.slice(position))
    .replace(/\s+/g, " ")
    .replace(/ ([,.;:!?])/g, "$1")
    .trim();
}

/** Returns the spoken text without its free words, with spaces, commas and first capitals fixed. Never 'reworded'. */
export function tidy(said, lang) {
  let text = "";
  let position = 0;
  for (const token of markFree(tokens(said, true), said, lang))
    if (token.free) {
      text += said.slice(position, token.at);
      position = token.end;
    }
  text = sure(text + said.slice(position))
    .replace(/\s+/g, " ")
    .trim();
  text = text
    .replace(/(\s*[,;])+\s*(?=[,.;!?])/g, "")
    .replace(/\s+([,.;!?])/g, "$1")
    .replace(/,(\s*,)+/g, ",")
    .replace(/([.!?])\s*[,;]+/g, "$1 ")
    .replace(/^[\s,.;]+/, "")
    .replace(/([\p{L}\p{N}])\.{2}(?!\.)/gu, "$1.")
    .replace(/\s+/g, " ")
    .trim();
  return text.replace(/(^|[.!?]\s+)(\p{Ll})/gu, (_match, before, letter) => before + letter.toUpperCase());
}
