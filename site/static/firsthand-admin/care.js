// The checklist of a case study while the editor types: the server, which has the rules, checks the form and saves nothing.
// Wagtail inserts a panel's scripts before the panel.
const followCare = () => {
  const panel = document.querySelector("[data-care]");
  const form = panel?.closest("form");
  if (!form) return;
  const count = panel.querySelector("[data-care-count]");
  let last = "";
  let timer = 0;
  let asking = null;

  const plain = () => {
    const data = new FormData(form);
    for (const name of [...data.keys()]) if (data.get(name) instanceof File || name.startsWith("action-")) data.delete(name);
    return data;
  };

  const show = ({ done, total, open }) => {
    const words = count.dataset.words.replace("DONE", done).replace("TOTAL", total);
    if (count.textContent !== words) count.textContent = words;
    for (const item of panel.querySelectorAll("[data-care-item]")) {
      const missing = open.includes(item.dataset.careItem);
      // An item stays visible while the editor is typing in it.
      if (missing || !item.contains(document.activeElement)) item.hidden = !missing;
    }
  };

  const ask = async () => {
    const data = plain();
    const now = new URLSearchParams(data).toString();
    if (now === last) return;
    last = now;
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(panel.dataset.care, { method: "POST", body: data, signal: asking.signal });
      if (answer.ok) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") last = "";
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 500);
  };

  last = new URLSearchParams(plain()).toString();
  // Rich text editors fill hidden inputs without an event: the keys and clicks that lead to it count.
  for (const event of ["input", "change", "keyup", "click", "focusout"]) form.addEventListener(event, soon);
};
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", followCare);
else followCare();
