/* The elements of the page, and short messages. */

export const $ = (id) => document.getElementById(`wb-${id}`);
export const root = document.querySelector(".wb");
export const options = JSON.parse(document.getElementById("wb-options").textContent);

/** Announces to a screen reader. */
export const say = (text) => ($("say").textContent = text);

let timer;
/** Shows a message at the foot of the page, with an optional button. */
export function toast(message, label, action) {
  const box = $("toast");
  box.hidden = false;
  box.replaceChildren(Object.assign(document.createElement("span"), { textContent: message }));
  if (label) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: label });
    button.addEventListener("click", () => {
      box.hidden = true;
      action();
    });
    box.append(button);
  }
  say(message);
  clearTimeout(timer);
  timer = setTimeout(() => (box.hidden = true), 7000);
}

const LIGHTS = window.CSS?.highlights;
/** Sets ranges of the CSS Highlight API: colour without changing the document. Older browsers lose only the colour. */
export function highlight(name) {
  if (!LIGHTS) return { clear() {}, add() {} };
  if (!LIGHTS.has(name)) LIGHTS.set(name, new Highlight());
  return LIGHTS.get(name);
}

export const idle = window.requestIdleCallback || ((work) => setTimeout(() => work({ timeRemaining: () => 8 }), 16));
