/* Dialogs: the list of keys, speakers and topics, and the draft story. */

import { $, options, toast } from "./dom.js";
import { badge, quoted } from "./card.js";
import { accepted } from "./conditions.js";
import { flush } from "./outbox.js";
import { ask } from "./saving.js";
import { NAMES, openWarnings, ordered, state, tell } from "./state.js";
import { redrawAll } from "./transcript.js";
import { esc, plural } from "./words.js";

export const keysOn = { now: options.single_keys };

const LIST = () => ({
  Player: [
    ["Space", "play, pause"],
    ["← →", "3 seconds back, forward"],
    ["J L", "10 seconds back, forward"],
    ["− +", "slower, faster"],
    ["Enter", "play from the word"],
  ],
  Words: [
    ["↑ ↓", "line up, down"],
    ["W B", "next word, previous word"],
    ["S", "select the sentence; again: one more"],
    ["Shift ← →", "select word by word"],
    ["C", "select the whole line"],
    ["X", "hide the selected words when published"],
    ["Esc", "clear the selection, close"],
  ],
  "Make an excerpt": [["1 2 3", "before, treatment, after"], ...Object.entries(state.topics.keys)],
  "The open excerpt": [
    ["E", "edit the words"],
    ["T", "tidy: remove fillers"],
    ["I O", "set the in or out point here"],
    [", .", "in point ∓ 0.1 s"],
    ["Shift , .", "out point ∓ 0.1 s"],
    ["P", "play it"],
    ["Alt ↑ ↓", "move"],
    ["A D", "previous, next excerpt"],
    ["Delete", "remove"],
  ],
  Other: [
    ["F", "find; Enter: next; Esc: select the sentence"],
    ["N R", "next warning; replace"],
    ["Y", "accept the condition"],
    ["U", "undo"],
    ["V", "speakers and topics"],
    ["Ctrl Enter", "make a draft story"],
    ["H", "this list"],
    ["? / [ ]", "keys of Wagtail"],
  ],
});

function openDialog(id, html) {
  const dialog = $(id);
  dialog.innerHTML = html;
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  dialog.showModal();
  return dialog;
}

export function help() {
  const groups = Object.entries(LIST())
    .map(([title, keys]) => {
      const rows = keys
        .map(
          ([k, does]) =>
            `<div><dt>${k
              .split(" ")
              .map((one) => `<kbd>${esc(one)}</kbd>`)
              .join(" ")}</dt><dd>${esc(does)}</dd></div>`,
        )
        .join("");
      return `<h3>${esc(title)}</h3><dl>${rows}</dl>`;
    })
    .join("");
  const dialog = openDialog(
    "help",
    `<h2 id="wb-help-h">Keys</h2><div class="kk">${groups}</div><p><label class="tick"><input type="checkbox" id="wb-ko"${keysOn.now ? " checked" : ""}> Single keys work (turn off for speech input)</label></p><button class="btn" type="button" data-close>Close</button>`,
  );
  dialog.querySelector("input").addEventListener("change", (event) => (keysOn.now = event.target.checked));
}

/** Speakers are renamed throughout the interview; topics are under the keys 4 to 9. */
export function setup() {
  const voices = [...new Set(state.cues.map((cue) => cue.who))];
  const field = (name, label, value, list = "") =>
    `<label>${label}<input type="text" name="${name}" value="${esc(value)}" maxlength="${list ? 80 : 120}"${list ? ` list="${list}"` : ""} autocomplete="off"></label>`;
  const dialog = openDialog(
    "setup",
    `<form method="dialog"><h2 id="wb-setup-h">Speakers and topics</h2><h3>Speakers</h3><p class="soft">A new name applies to every line and every excerpt.</p>
    <div class="fields">${voices
      .slice(0, 30)
      .map((voice, i) => field(`voice${i}`, voice ? `${esc(voice)} is` : "Lines without a name are by", voice))
      .join("")}</div>
    <h3>Topics</h3><div class="fields">${[4, 5, 6, 7, 8, 9].map((k) => field(`topic${k}`, `<kbd>${k}</kbd>`, state.topics.keys[k] || "", "wb-topics")).join("")}</div>
    <datalist id="wb-topics">${state.topics.all.map((name) => `<option value="${esc(name)}"></option>`).join("")}</datalist>
    <p class="bad" role="alert"></p><div class="line"><button class="btn" type="button" data-save>Save</button><button class="btn ol" type="button" data-close>Close</button></div></form>`,
  );
  const form = dialog.querySelector("form");
  const save = async () => {
    try {
      await flush();
      await saveSetup(form, voices);
      dialog.close();
    } catch (error) {
      form.querySelector("[role=alert]").textContent = error.message;
    }
  };
  form.querySelector("[data-save]").addEventListener("click", save);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    save();
  });
}

async function saveSetup(form, voices) {
  const asked = async (url, body) => {
    const answer = await ask(url, "POST", body);
    if (answer.status >= 400) throw new Error(answer.error);
    return answer;
  };
  let renamed = 0;
  for (const [i, old] of voices.slice(0, 30).entries()) {
    const wanted = form.elements[`voice${i}`].value.trim();
    if (!wanted || wanted === old) continue;
    const { name } = await asked(options.urls.speaker, { old, new: wanted });
    for (const cue of state.cues) if (cue.who === old) cue.who = name;
    for (const x of state.ex) {
      if (x.voice === old) x.voice = name;
      if (x.speaker === old) x.speaker = name;
    }
    if (state.asking.delete(old)) state.asking.add(name);
    renamed++;
  }
  const keys = Object.fromEntries([4, 5, 6, 7, 8, 9].map((k) => [k, form.elements[`topic${k}`].value.trim()]));
  state.topics = await asked(options.urls.topics, { keys });
  if (renamed) redrawAll();
  tell("topics");
  tell("excerpts");
  toast(renamed ? `${plural(renamed, "voice", "voices")} renamed everywhere` : "Saved");
}

/** Shows what the draft will contain; then the server makes the story from what is saved. */
export async function compile() {
  const list = ordered();
  if (!list.length) return toast("Make at least one excerpt first");
  if (!$("compile")) return toast("This site cannot make stories yet.");
  const open = list.reduce((sum, x) => sum + openWarnings(x).length, 0);
  const rows = list.map((x) => `<tr><td>${NAMES[x.section]}</td><td dir="auto">${quoted(x)}</td><td>${badge(x)}</td></tr>`).join("");
  const warn = open
    ? `<p class="msg">${plural(open, "warning is", "warnings are")} open in these excerpts. You can make the draft, but it cannot be published until they are answered.</p>`
    : "";
  const facts =
    accepted()
      .map((one) => esc(one.name))
      .join(", ") || "none accepted yet";
  const again = Boolean(options.story);
  const dialog = openDialog(
    "draft",
    `<h2 id="wb-draft-h">${again ? "Update the story" : "Make a draft story"}</h2>${warn}<div class="scroll"><table><thead><tr><th scope="col">Section</th><th scope="col">Quote</th><th scope="col">Edit</th></tr></thead><tbody>${rows}</tbody></table></div>
    <p class="soft">${again ? "You see what would change, and choose. " : ""}Text that you wrote in the story is replaced only if you tick it. Conditions: ${facts}.</p>
    <div class="line"><button class="btn" type="button" id="wb-go">${again ? "Show what would change" : "Make the draft"}</button><button class="btn ol" type="button" data-close>Not yet</button></div>`,
  );
  $("go").addEventListener("click", async () => {
    try {
      await flush();
    } catch (error) {
      dialog.close();
      return toast(error.message);
    }
    $("compile").submit();
  });
  $("go").focus();
}
