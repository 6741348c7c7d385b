/* Text and time: pure functions that several modules use. */

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const esc = (text) => String(text).replace(/[&<>"]/g, (char) => ENTITIES[char]);

/** Returns the text in lower case without accents, for searching. It has the length of the original, or keeps its accents. */
export function fold(text) {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  const bare = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  if (bare.length === text.length) return bare;
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

/** Formats seconds as 12:31 or 1:02:03, with `decimals` digits after the point. */
export function clock(seconds, decimals = 0) {
  const whole = Math.max(0, decimals ? Math.round(seconds * 10) / 10 : seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = whole % 60;
  const two = (number) => String(number).padStart(2, "0");
  const end = decimals ? rest.toFixed(decimals).padStart(3 + decimals, "0") : two(Math.floor(rest));
  return `${hours ? `${hours}:` : ""}${two(minutes)}:${end}`;
}

/** Returns words and square brackets with their content: [{a, b}] as offsets. */
export const wordsIn = (text) =>
  [...text.matchAll(/\[[^\]]*\]|\S+/g)].map((match) => ({ a: match.index, b: match.index + match[0].length }));

/** Returns the start and end of the sentence at `offset`. Chinese and Arabic marks end a sentence too. */
export function sentenceAt(text, offset) {
  let begin = 0;
  const bare = text.replace(/\[[^\]]*\]/g, (note) => "x".repeat(note.length)); // '[?Oh?]' is not a question
  for (const match of bare.matchAll(/[.?!…؟]+["”’)]*(?=\s|$)\s*|[。！？]+\s*/g)) {
    const end = match.index + match[0].length;
    if (end > offset) return { begin, end: match.index + match[0].trimEnd().length };
    begin = end;
  }
  return { begin, end: text.trimEnd().length };
}

export const plural = (count, one, many) => `${count.toLocaleString()} ${count === 1 ? one : many}`;

/** Replaces `words` with `form`, whole words only: 'Ana' stays in 'Anatolia'. As the server does it. */
export function putFor(text, words, form) {
  if (!words) return text;
  const letter = String.raw`[\p{L}\p{M}\p{N}]`;
  const edge = /[\p{L}\p{N}]/u;
  const source = words.replace(/[\\^$.*+?()[\]{}|/-]/g, (char) => (char === "-" ? "\\x2d" : `\\${char}`));
  const before = edge.test([...words][0]) ? `(?<!${letter})` : "";
  const after = edge.test([...words].at(-1)) ? `(?!${letter})` : "";
  return text.replace(new RegExp(before + source + after, "gu"), () => form);
}
