/* Every three seconds: which colleagues are here, and what they changed. */

import { $, options, toast } from "./dom.js";
import { pendingOf, shape } from "./outbox.js";
import { adopt, ask, find, fromServer } from "./saving.js";
import { active, state, tell } from "./state.js";
import { esc } from "./words.js";

const EVERY = 3000;
let since = null;
let told = false;

/** Starts polling; `now` is the server's time when the page was loaded. */
export function watch(now) {
  since = now;
  setTimeout(poll, 300);
}

const typing = () => Boolean(document.activeElement?.closest?.(".wb .card textarea"));

async function poll() {
  if (!document.hidden) {
    const before = shape();
    try {
      const answer = await ask(options.urls.here, "POST", { excerpt: typing() ? (active()?.pk ?? null) : null, since });
      if (answer.status === 200) take(answer, before === shape());
    } catch {
      // The outbox reports a lost connection; there is nothing to lose here.
    }
  }
  setTimeout(poll, EVERY);
}

/** `whole`: no excerpt was made, moved or removed here while the server answered; otherwise the changes are requested again. */
function take(answer, whole) {
  const before = JSON.stringify(state.here);
  state.here = answer.here;
  let redraw = before !== JSON.stringify(state.here);
  for (const x of state.ex) x.lock = state.here.find((one) => one.excerpt && one.excerpt === x.pk) || null;
  if (whole) {
    since = answer.now;
    for (const raw of answer.changed) redraw = merge(raw) || redraw;
  }
  if (redraw) {
    draw();
    tell("excerpts");
  }
  if (answer.decided !== state.decided && !pendingOf(null).length) {
    state.decided = answer.decided;
    ask(options.urls.decisions).then(
      (decisions) => tell("decisions", decisions),
      () => {},
    );
  }
  if (answer.imported !== state.imported && !told) {
    told = true;
    toast("A new transcript has been imported. Reload the page before you continue.", "Reload", () => location.reload());
  }
}

/** Takes over one excerpt that changed elsewhere. Returns true when the page shows something else now. */
function merge(raw) {
  const x = find(raw.id);
  const who = raw.editor?.id === options.me.id ? "You (in another tab)" : raw.editor?.name || "A colleague";
  if (!x) {
    if (raw.removed) return false;
    const added = fromServer(raw);
    added.fresh = true;
    state.ex.push(added);
    if (raw.by?.id !== options.me.id) toast(`${raw.by?.name || "A colleague"} made an excerpt.`);
    return true;
  }
  if (pendingOf(x.id).length || raw.rev < x.rev) return false; // our own save is under way: its answer will bring the change
  const shown = state.ex.includes(x);
  if (raw.removed) {
    if (!shown) return false;
    state.ex = state.ex.filter((one) => one !== x);
    adopt(x, raw);
    toast(`${who} removed an excerpt.`);
    tell("marks", x);
    return true;
  }
  const same = raw.rev === x.rev && raw.section === x.section && raw.order === x.order && raw.speaker === x.speaker;
  if (same && shown) return false;
  if (!shown) state.ex.push(x);
  const newer = raw.rev > x.rev && raw.editor?.id !== options.me.id;
  adopt(x, raw);
  if (newer) x.changedBy = raw.editor;
  tell("marks", x);
  return true;
}

function draw() {
  $("presence").innerHTML = state.here
    .map((one) => `<span class="ava b" aria-hidden="true">${esc(one.letters)}</span>${esc(one.name.split(" ")[0])} is here`)
    .join(" ");
  tell("strip");
}
