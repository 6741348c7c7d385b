/* The player, which the transcript follows. Without a recording everything except playing works. */

import { $, options, toast } from "./dom.js";
import { state, tell } from "./state.js";
import { forgetScroll, line, scrolledLately, show } from "./transcript.js";
import { clock } from "./words.js";

const media = $("media");
const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
export const player = { at: 0, playing: false, rate: 1 };
let stopAt = null;
let shown = -1;
let starts = new Float64Array();

export function ready() {
  starts = Float64Array.from(state.cues, (cue) => cue.start ?? 0);
  $("dur").textContent = options.recording
    ? `of ${clock(state.duration)}`
    : state.timed
      ? `of ${clock(state.duration)}, no recording`
      : "no recording";
  $("strip").setAttribute("aria-valuemax", Math.round(state.duration));
  $("play").disabled = !options.recording;
  if (!options.recording) $("play").title = "There is no recording to play";
  paint(true);
}

export function seek(seconds) {
  if (!state.timed && !options.recording) return;
  player.at = Math.max(0, Math.min(state.duration, seconds));
  stopAt = null;
  if (options.recording) media.currentTime = player.at;
  paint(true);
}

export function play(on = !player.playing) {
  if (!options.recording) return toast("There is no recording to play. Everything else works.");
  if (!on) return media.pause();
  media.playbackRate = player.rate;
  media.play().catch(() => toast("The recording cannot be played in this browser."));
}
/** Plays from `from` to `to` and stops there. */
export function playBetween(from, to) {
  if (from == null || to == null) return toast("These words have no times");
  seek(from);
  stopAt = to;
  play(true);
}
export const playClip = (x) => playBetween(x.in, x.out);

export function speed(d) {
  player.rate = RATES[Math.max(0, Math.min(RATES.length - 1, RATES.indexOf(player.rate) + d))];
  if (media) media.playbackRate = player.rate;
  $("rate").textContent = `${player.rate}×`;
}

function tick() {
  if (!player.playing) return;
  player.at = media.currentTime;
  if (stopAt != null && player.at >= stopAt) {
    media.pause();
    player.at = stopAt;
    media.currentTime = stopAt;
    stopAt = null;
  }
  paint();
  requestAnimationFrame(tick);
}
function turned(on) {
  player.playing = on;
  $("play").classList.toggle("on", on);
  $("play").setAttribute("aria-label", on ? "Pause" : "Play");
  if (on) requestAnimationFrame(tick);
}
if (media) {
  media.addEventListener("play", () => turned(true));
  media.addEventListener("pause", () => turned(false));
  media.addEventListener("durationchange", () => {
    if (Number.isFinite(media.duration) && media.duration > state.duration) {
      state.duration = media.duration;
      ready();
      tell("strip");
    }
  });
  media.addEventListener("error", () => toast("The recording could not be loaded. Everything else works."));
}

/** Returns the line said at `seconds`. */
function cueAt(seconds) {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function paint(force = false) {
  $("now").textContent = clock(player.at, 1);
  $("head").style.insetInlineStart = `${state.duration ? (player.at / state.duration) * 100 : 0}%`;
  const strip = $("strip");
  if (force || Math.floor(player.at) % 2 === 0) {
    strip.setAttribute("aria-valuenow", Math.round(player.at));
    strip.setAttribute("aria-valuetext", clock(player.at));
  }
  if (!state.timed) return;
  const i = cueAt(player.at);
  if (i === shown || i < 0) return;
  $(`q${shown}`)?.classList.remove("now");
  shown = i;
  line(i).classList.add("now");
  if ($("follow").checked && !scrolledLately()) show(i, "nearest");
}

$("strip").addEventListener("pointerdown", (event) => {
  const go = (at) => {
    const box = $("strip").getBoundingClientRect();
    seek(((at.clientX - box.left) / box.width) * state.duration);
  };
  go(event);
  forgetScroll();
  $("strip").setPointerCapture(event.pointerId);
  $("strip").onpointermove = go;
  $("strip").onpointerup = () => ($("strip").onpointermove = null);
});
