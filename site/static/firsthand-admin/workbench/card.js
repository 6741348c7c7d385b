/* The card of an excerpt: closed, or open for editing. Only HTML; cards.js handles its buttons. */

import { options } from "./dom.js";
import { rated } from "./excerpts.js";
import { doubts } from "./rating.js";
import { NAMES, SECTIONS, number, openWarnings, state } from "./state.js";
import { clock, esc, plural } from "./words.js";

export const GLYPHS = {
  before: '<svg viewBox="0 0 34 10" aria-hidden="true"><path d="M2 5H32" stroke-dasharray=".1 6"/></svg>',
  treatment: '<svg viewBox="0 0 34 10" aria-hidden="true"><circle cx="17" cy="5" r="4" fill="currentColor" stroke="none"/></svg>',
  after: '<svg viewBox="0 0 34 10" aria-hidden="true"><path d="M2 5H32"/></svg>',
};
const CLASSES = { verbatim: "v", "lightly edited": "l", reworded: "r" };
const KINDS = {
  name: "a name",
  date: "full date",
  place: "a place",
  phone: "phone number",
  email: "e-mail",
  web: "web address",
  record: "record number",
  age: "age over 89",
  file: "file name",
};

/** Reworded text has no quotation marks. */
export const quoted = (x) => (rated(x).rating === "reworded" ? esc(x.text) : `“${esc(x.text)}”`);
export const badge = (x) => `<span class="bdg ${CLASSES[rated(x).rating]}">${rated(x).rating}</span>`;

/** One line about an excerpt: speaker, time, how far it was edited, topics, open warnings. */
export function meta(x) {
  const open = openWarnings(x).length;
  const parts = [`<span>${esc(x.speaker)}</span>`];
  if (x.in != null) parts.push(`<span>${clock(x.in)}–${clock(x.out)}</span>`);
  parts.push(badge(x), ...x.topics.map((topic) => `<span class="chip">${esc(topic)}</span>`));
  if (open) parts.push(`<span class="warn">${plural(open, "warning", "warnings")} open</span>`);
  if (x.by && x.by.id !== options.me.id) parts.push(`<span>by ${esc(x.by.name)}</span>`);
  return parts.join("");
}

/** Word by word while most words are left; a rewritten text is placed below the spoken one: a mixture of both is unreadable. */
export function comparison(x) {
  const { rating, share, steps } = rated(x);
  if (rating === "reworded" && share < 60) return `<p><b>Said</b> ${esc(x.verbatim)}</p><p><b>Written</b> ${esc(x.text)}</p>`;
  return steps
    .map((step) => {
      if (step.op === "same") return esc(step.b.raw);
      if (step.op === "del") return `<del${step.kind === "unmarked" ? ' class="hard"' : ""}>${esc(step.a.raw)}</del>`;
      return `<ins${step.kind === "added" ? ' class="hard"' : ""}>${esc(step.b.raw)}</ins>`;
    })
    .join(" ");
}

function facts(x) {
  const { counts, punctuation, share } = rated(x);
  const said = [];
  const fillers = counts.fillers + counts.repeats;
  if (fillers) said.push(`${plural(fillers, "filler", "fillers")} out`);
  if (counts.omissions) said.push(`${plural(counts.omissions, "omission", "omissions")} shown`);
  if (counts.replaced) said.push(plural(counts.replaced, "shown replacement", "shown replacements"));
  if (punctuation) said.push("punctuation");
  return said.length ? `${said.join(", ")}; ${share} % of the words kept` : "";
}

/** The reasons for the rating, what to listen to and what to answer, each with the button that fixes it. */
export function reasons(x) {
  const { rating, reasons: why, meaning } = rated(x);
  const lines = [];
  if (x.conflict)
    lines.push(
      `<li class="msg"><span><b>${esc(x.conflict.who)} has also changed these words.</b> Their version: “${esc(x.conflict.text)}”</span>` +
        '<button class="btn ol sm" type="button" data-c="mine">Keep mine</button><button class="btn ol sm" type="button" data-c="hers">Use theirs</button></li>',
    );
  if (x.refused) lines.push(`<li><span class="bad">Not saved: ${esc(x.refused)}</span></li>`);
  for (const reason of why)
    lines.push(
      `<li><span class="bad">${esc(reason.text)}</span>${reason.isFixable ? '<button class="btn ol sm" type="button" data-c="mark">Show as […]</button>' : ""}</li>`,
    );
  if (rating === "reworded")
    lines.push(
      '<li><span>Printed without quotation marks, as “in other words”.</span><button class="link" type="button" data-c="reset">Back to the exact words</button></li>',
    );
  const unsure = doubts(x.verbatim);
  if (unsure.length)
    lines.push(`<li class="warn">The transcriber was not sure of “${esc(unsure.slice(0, 4).join(", "))}”. Listen before you publish.</li>`);
  if (meaning.length)
    lines.push(`<li class="warn">An omission leaves out “${esc(meaning.join(", "))}”. Does the quote still mean the same?</li>`);
  if (facts(x)) lines.push(`<li class="soft">${facts(x)}</li>`);
  for (const w of openWarnings(x))
    lines.push(
      `<li class="wr"><span class="warn" title="${esc(w.reason)}"><b>${esc(w.text)}</b> ${KINDS[w.kind] || ""}</span>` +
        `<button class="btn ol sm" type="button" data-c="rep" data-w="${w.id}">Replace with ${esc(w.form)}</button><button class="link" type="button" data-c="keep" data-w="${w.id}">Keep …</button></li>`,
    );
  return lines.join("");
}

const button = (act, label, more = "") => `<button type="button" class="btn ol sm" data-c="${act}"${more}>${label}</button>`;

function clip(x) {
  if (x.in == null) return "";
  const point = (name, label, min, max) =>
    `<label>${label} <input type="number" step="0.1" min="${min}"${max === "" ? "" : ` max="${max}"`} value="${x[name].toFixed(1)}" data-c="${name}" aria-label="${label} point, seconds"></label>`;
  return `<div class="io">${point("in", "In", 0, x.out)}${point("out", "Out", x.in, "")}<span class="soft" data-len>${(x.out - x.in).toFixed(1)} s</span>${options.recording ? button("play", "▶ Play") : ""}</div>`;
}

function editor(x) {
  const pinned = Object.values(state.topics.keys);
  const topics = [...pinned, ...x.topics.filter((one) => !pinned.includes(one))];
  return `<div class="ed">
  <label class="hush" for="wb-text-${x.id}">Quote text</label><textarea dir="auto" id="wb-text-${x.id}" data-c="text" spellcheck="true">${esc(x.text)}</textarea>
  <div class="diff" role="group" tabindex="0" aria-label="Compared with the exact words"${rated(x).rating === "verbatim" ? " hidden" : ""}>${comparison(x)}</div><ul class="why">${reasons(x)}</ul>
  ${clip(x)}
  <div class="tps" role="group" aria-label="Topics">${topics.map((topic) => `<button type="button" data-c="topic" data-t="${esc(topic)}" aria-pressed="${x.topics.includes(topic)}">${esc(topic)}</button>`).join("")}</div>
  <div class="line"><label class="soft">Speaker <input type="text" data-c="speaker" value="${esc(x.speaker)}" maxlength="120"></label><label class="soft">Section <select data-c="section">${SECTIONS.map((s) => `<option value="${s}"${s === x.section ? " selected" : ""}>${NAMES[s]}</option>`).join("")}</select></label></div>
  <div class="line">${button("tidy", "Tidy")}${x.placed ? button("up", "↑", ' aria-label="Move up"') + button("down", "↓", ' aria-label="Move down"') : button("attach", "Attach to the selected words")}<span class="sp"></span><button type="button" class="link" data-c="del">Remove</button></div></div>`;
}

export function card(x) {
  const on = x.id === state.active;
  const asked = x.asked ? `<p class="asked">Asked: ${esc(x.asked.length > 90 ? `${x.asked.slice(0, 88)}…` : x.asked)}</p>` : "";
  const closed = on
    ? ""
    : `<button type="button" class="qt" dir="auto" data-c="open">${quoted(x)}</button><div class="meta">${meta(x)}</div>`;
  const lock = x.lock
    ? `<p class="lock"><span class="ava b" aria-hidden="true">${esc(x.lock.letters)}</span> ${esc(x.lock.name.split(" ")[0])} is editing this. You will see the words when they are saved.</p>`
    : "";
  const changed = x.changedBy ? `<p class="lock">${esc(x.changedBy.name)} changed this.</p>` : "";
  return `<article class="card ${x.section}${on ? " on" : ""}" data-x="${x.id}" draggable="${!on && x.placed}" aria-label="Excerpt ${number(x)}, ${NAMES[x.section]}"><span class="grip" aria-hidden="true" title="Drag, or Alt and arrows">⠿<b>${number(x)}</b></span><div>${on ? `<div class="meta top">${meta(x)}</div>` : ""}${asked}${closed}${changed}${lock}</div>${on ? editor(x) : ""}</article>`;
}
