/* Turns the field for conditions or treatments into one that asks the server while an editor types: 'CP' offers
   cerebral palsy. A combobox with a listbox (ARIA Authoring Practices); the form sends the <select> inside.
   What was typed is only sent when it could not be looked up: then the server matches it when the form is saved. */
(() => {
  "use strict";

  const PAUSE = 150; // milliseconds after the last key
  const PATIENCE = 5000; // then the server counts as not answering

  const element = (name, given = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(given)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  class TermSelect extends HTMLElement {
    connectedCallback() {
      /* While the page is still being parsed, the list inside may be missing. */
      if (document.readyState === "loading") {
        document.addEventListener("DOMContentLoaded", () => this.enhance(), { once: true });
      } else this.enhance();
    }

    enhance() {
      this.select = this.querySelector("select");
      this.input = this.querySelector("input");
      if (!this.select || !this.input || this.list) return;
      this.many = this.select.multiple;
      this.sentName = this.input.name;
      this.build();
      this.select.hidden = true;
      this.select.addEventListener("change", () => this.showChosen());
      this.showChosen();
      /* Words that were refused at the last saving stay, to be corrected or looked up. */
      this.send(this.input.value !== "");
    }

    build() {
      const stem = this.input.id;
      this.chosen = element("ul", { class: "term-select-chosen" });
      this.list = element("ul", { id: `${stem}-list`, class: "term-select-list", role: "listbox" });
      const label = this.input.labels[0]?.textContent.trim();
      if (label) this.list.setAttribute("aria-label", label);
      if (this.many) this.list.setAttribute("aria-multiselectable", "true");
      this.list.hidden = true;
      this.status = element("p", { class: "term-select-status", role: "status" });
      const given = {
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": this.list.id,
      };
      for (const [name, value] of Object.entries(given)) this.input.setAttribute(name, value);
      this.prepend(this.chosen);
      this.append(this.list, this.status);
      this.rows = new Map();

      this.input.addEventListener("input", (event) => {
        event.stopPropagation();
        this.ask();
      });
      this.input.addEventListener("click", () => this.list.hidden && this.ask(0));
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => this.leave());
      /* Keeps the focus in the field while an option is pressed. */
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const row = event.target.closest("[role=option]");
        if (row) this.toggle(this.rows.get(row.id));
      });
      this.chosen.addEventListener("click", (event) => {
        const chip = event.target.closest("button");
        if (chip) {
          this.set({ pk: chip.value }, false);
          this.input.focus();
        }
      });
    }

    /* Whether the form sends what is typed. */
    send(yes) {
      if (yes) this.input.name = this.sentName;
      else this.input.removeAttribute("name");
    }

    /* Ask the server for what is typed now. Later keys make an earlier answer worthless. */
    ask(pause = PAUSE) {
      clearTimeout(this.timer);
      this.request?.abort();
      this.request = null;
      const typed = this.input.value.trim();
      this.send(typed !== "");
      this.pending = true;
      this.timer = setTimeout(() => this.fetch(typed), pause);
    }

    async fetch(typed) {
      const request = new AbortController();
      this.request = request;
      const limit = setTimeout(() => request.abort("late"), PATIENCE);
      try {
        const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(typed)}`, {
          signal: request.signal,
          headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
        });
        if (!answer.ok) throw new Error(answer.status);
        const found = await answer.json();
        if (this.request !== request) return;
        this.pending = false;
        this.send(false);
        if (document.activeElement === this.input) this.show(found);
        else this.leave();
      } catch {
        if (this.request !== request) return;
        this.pending = true; // what was typed is kept and sent
        this.hide();
        this.status.textContent = typed ? this.dataset.failed : "";
      } finally {
        clearTimeout(limit);
      }
    }

    show(found) {
      this.rows.clear();
      this.list.replaceChildren();
      found.terms.forEach((term, number) => {
        this.list.append(this.row(term, number, found.is_tree));
      });
      if (found.more) this.note(this.dataset.more);
      const none = found.terms.length === 0;
      this.status.textContent = none ? this.dataset.nothing : `${this.dataset.found}${found.terms.length}`;
      this.status.classList.toggle("term-select-quiet", !none);
      this.list.hidden = none;
      this.input.setAttribute("aria-expanded", String(!none));
      this.activate(found.is_tree ? null : this.list.querySelector("[role=option]"));
    }

    row(term, number, tree) {
      const row = element("li", { id: `${this.list.id}-${number}`, role: "option" }, term.name);
      row.setAttribute("aria-selected", String(this.isChosen(term)));
      if (tree) row.style.setProperty("--level", term.depth - 1);
      const hint = [term.by, tree ? "" : term.above.join(" › "), term.codes.slice(0, 3).join(", ")];
      const shown = hint.filter(Boolean).join(" · ");
      if (shown) row.append(element("span", { class: "term-select-hint" }, shown));
      this.rows.set(row.id, term);
      return row;
    }

    note(text) {
      this.list.append(element("li", { class: "term-select-note", role: "presentation" }, text));
    }

    hide() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.activate(null);
    }

    /* Escape: nothing of what was typed is wanted. */
    close() {
      clearTimeout(this.timer);
      this.request?.abort();
      this.request = null;
      this.pending = false;
      this.input.value = "";
      this.status.textContent = "";
      this.send(false);
      this.hide();
    }

    /* The field is left: what was looked up and not chosen is forgotten, what was not looked up is kept. */
    leave() {
      if (this.pending && this.input.value.trim()) this.hide();
      else this.close();
    }

    activate(row) {
      this.active?.classList.remove("term-select-active");
      this.active = row;
      if (!row) {
        this.input.removeAttribute("aria-activedescendant");
        return;
      }
      row.classList.add("term-select-active");
      row.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", row.id);
    }

    key(event) {
      const rows = [...this.list.querySelectorAll("[role=option]")];
      const at = rows.indexOf(this.active);
      const move = (to) => (this.list.hidden ? this.ask(0) : this.activate(rows.at(to) || null));
      const steps = {
        ArrowDown: () => move(rows.length ? (at + 1) % rows.length : 0),
        ArrowUp: () => move(at > 0 ? at - 1 : -1),
        Enter: () => this.active && this.toggle(this.rows.get(this.active.id)),
        Escape: () => this.close(),
        Backspace: () => this.input.value || this.set({ pk: this.lastChosen() }, false),
      };
      if (!steps[event.key] || event.isComposing) return;
      /* Enter never sends the whole form from here; Backspace still deletes letters. */
      if (event.key !== "Backspace") event.preventDefault();
      if (event.key === "Escape" && !this.list.hidden) event.stopPropagation();
      steps[event.key]();
    }

    options() {
      return [...this.select.selectedOptions].filter((option) => option.value);
    }

    lastChosen() {
      return this.options().at(-1)?.value;
    }

    isChosen(term) {
      return this.options().some((option) => option.value === String(term.pk));
    }

    toggle(term) {
      this.set(term, this.many ? !this.isChosen(term) : true);
      this.close();
      if (this.many) this.ask(0);
    }

    set(term, chosen) {
      const value = String(term.pk ?? "");
      if (!value) return;
      let option = [...this.select.options].find((known) => known.value === value);
      if (!option && chosen) {
        option = new Option(term.name, value);
        this.select.append(option);
      }
      if (this.many && option) option.selected = chosen;
      else if (!this.many) this.select.value = chosen ? value : "";
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    showChosen() {
      const chips = this.options().map((option) => {
        const name = option.textContent.trim();
        const given = { type: "button", class: "term-select-chip", value: option.value };
        const chip = element("button", { ...given, "aria-label": `${this.dataset.remove}: ${name}` }, name);
        return element("li", {}, chip);
      });
      if (!chips.length) chips.push(element("li", { class: "term-select-none" }, this.dataset.none));
      this.chosen.replaceChildren(...chips);
    }
  }

  if (!customElements.get("term-select")) customElements.define("term-select", TermSelect);
})();
