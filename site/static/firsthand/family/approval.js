// The family's page works without this. It puts the cursor into a note that opens, and asks before unsent notes are lost.
let sending = false;
document.addEventListener(
  "toggle",
  (e) => {
    if (e.target.open) e.target.querySelector("textarea")?.focus({ preventScroll: true });
  },
  true,
);
document.addEventListener("submit", () => {
  sending = true;
});
addEventListener("pageshow", () => {
  sending = false;
});
addEventListener("beforeunload", (e) => {
  if (!sending && [...document.querySelectorAll("textarea")].some((t) => t.value !== t.defaultValue)) e.preventDefault();
});
