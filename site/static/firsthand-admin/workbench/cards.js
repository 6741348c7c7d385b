/* The excerpt cards: drawing, editing, dragging. */

import { $, root } from "./dom.js";
import { act, moveTo, rated, remember, setActive, setField, setPoint, setText, totals } from "./excerpts.js";
import { GLYPHS, card, comparison, meta, reasons } from "./card.js";
import { playClip } from "./player.js";
import { NAMES, SECTIONS, byId, lost, of, on, state, tell } from "./state.js";
import { answer, openAt } from "./warnings.js";
import { plural } from "./words.js";

const cards = $("cards");
let shown = ""; // the HTML on screen: an unchanged list is not redrawn
let drawnActive = null;

function html() {
  const none = lost();
  const away = none.length
    ? `<h3 class="sec lost">Without a place ${none.length}</h3><p class="empty">The corrected transcript no longer has these words. Select the words where they are now, or remove the excerpt.</p>${none.map(card).join("")}`
    : "";
  return (
    away +
    SECTIONS.map((section, i) => {
      const list = of(section);
      const heading = `<h3 class="sec ${section}" data-s="${section}">${GLYPHS[section]}${NAMES[section]} <span>${list.length || ""}</span></h3>`;
      return heading + (list.map(card).join("") || `<p class="empty" data-s="${section}">Select words and press ${i + 1}</p>`);
    }).join("")
  );
}

function draw() {
  const next = html();
  if (next !== shown || state.active !== drawnActive) {
    const focused = document.activeElement;
    const name = focused?.dataset?.c;
    const inside = name && cards.contains(focused) ? focused.closest(".card").dataset.x : null;
    const [from, to] = [focused?.selectionStart, focused?.selectionEnd];
    const top = cards.scrollTop;
    cards.innerHTML = next;
    shown = next;
    drawnActive = state.active;
    cards.scrollTop = top;
    if (inside) {
      const topic = focused.dataset.t ? `[data-t="${CSS.escape(focused.dataset.t)}"]` : "";
      const again = cards.querySelector(`.card[data-x="${CSS.escape(inside)}"] [data-c="${name}"]${topic}`);
      again?.focus({ preventScroll: true });
      if (again?.tagName === "TEXTAREA" && from != null) again.setSelectionRange(from, to);
    }
  }
  drawTotals();
  tell("strip");
}
on("excerpts", draw);
on("topics", draw);

function drawTotals() {
  const all = totals();
  $("xn").textContent = state.ex.length || "";
  $("share").textContent = state.ex.length ? `${all.share} % in their own words, ${plural(all.omissions, "omission", "omissions")}` : "";
  const open = [
    state.ex.length ? "" : "Make at least one excerpt",
    all.open ? `${plural(all.open, "warning", "warnings")} open in excerpts` : "",
    all.reworded ? `${all.reworded} reworded` : "",
  ].filter(Boolean);
  $("open").textContent = open.join(", ") || "No open warnings";
  $("wn").textContent = state.warnings.filter((w) => !w.state).length || "";
}

/** While the editor types, redraws only what depends on the words. */
function drawWords(x) {
  const box = cards.querySelector(`.card[data-x="${CSS.escape(x.id)}"]`);
  if (!box?.classList.contains("on")) return;
  const diff = box.querySelector(".diff");
  diff.innerHTML = comparison(x);
  diff.hidden = rated(x).rating === "verbatim";
  box.querySelector(".why").innerHTML = reasons(x);
  box.querySelector(".meta.top").innerHTML = meta(x);
  shown = "";
  drawTotals();
}
on("saved", (x) => {
  // The server saved what was sent. The editor sees that already, except for words that came with the answer.
  const box = cards.querySelector(`.card[data-x="${CSS.escape(x.id)}"] textarea`);
  if (box && box.value !== x.text && document.activeElement !== box) box.value = x.text;
  if (box) drawWords(x);
});

const excerptAt = (target) => byId(target.closest(".card")?.dataset.x);

cards.addEventListener("input", (event) => {
  const what = event.target.dataset.c;
  const x = excerptAt(event.target);
  if (!x) return;
  if (what === "text") {
    setText(x, event.target.value, true);
    drawWords(x);
  }
  if ((what === "in" || what === "out") && event.target.value !== "") {
    setPoint(x, what, Number(event.target.value));
    event.target.closest(".card").querySelector("[data-len]").textContent = `${(x.out - x.in).toFixed(1)} s`;
    shown = "";
  }
});
cards.addEventListener("focusin", (event) => ["text", "in", "out", "speaker"].includes(event.target.dataset.c) && remember());
cards.addEventListener("change", (event) => {
  const x = excerptAt(event.target);
  if (!x) return;
  if (event.target.dataset.c === "section") moveTo(x, event.target.value, null);
  if (event.target.dataset.c === "speaker" && event.target.value.trim()) {
    setField(x, "speaker", event.target.value.trim());
    tell("excerpts");
  }
  if (event.target.dataset.c === "in" || event.target.dataset.c === "out") event.target.value = x[event.target.dataset.c].toFixed(1);
});
cards.addEventListener("click", (event) => {
  const x = excerptAt(event.target);
  const button = event.target.closest("[data-c]");
  const what = button?.dataset.c;
  if (!x) return;
  if (!what || what === "open") {
    if (x.id !== state.active) {
      setActive(x.id, true);
      if (what) cards.querySelector(".card.on textarea")?.focus({ preventScroll: true });
    }
    return;
  }
  if (["text", "in", "out", "speaker", "section"].includes(what)) return;
  if (what === "play") return playClip(x);
  if (what === "rep" || what === "keep") {
    const w = state.warnings.find((one) => one.id === button.dataset.w);
    return what === "rep" ? answer(w, "replaced", w.form) : openAt(w);
  }
  act(what, x, button.dataset.t);
});

/* ---- dragging ---- */

let dragged = null;
cards.addEventListener("dragstart", (event) => {
  const box = event.target.closest?.(".card");
  if (!box) return;
  dragged = box.dataset.x;
  box.classList.add("drag");
  event.dataTransfer.effectAllowed = "move";
});
cards.addEventListener("dragover", (event) => {
  if (!dragged) return;
  event.preventDefault();
  for (const over of cards.querySelectorAll(".over")) over.classList.remove("over");
  event.target.closest(".card,.sec,.empty")?.classList.add("over");
});
cards.addEventListener("drop", (event) => {
  event.preventDefault();
  const target = event.target.closest(".card,.sec,.empty");
  const x = byId(dragged);
  dragged = null;
  if (target && x) {
    const other = byId(target.dataset.x);
    if (target.dataset.s) moveTo(x, target.dataset.s, of(target.dataset.s).find((one) => one !== x) || null);
    else if (other && other !== x && other.placed) moveTo(x, other.section, other);
  }
  for (const over of root.querySelectorAll(".over,.drag")) over.classList.remove("over", "drag");
});
cards.addEventListener("dragend", () => {
  dragged = null;
  for (const over of root.querySelectorAll(".over,.drag")) over.classList.remove("over", "drag");
});
