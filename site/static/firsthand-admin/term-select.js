/* Turns the plain list of conditions or treatments into a field to type into: 'CP' offers cerebral palsy.
   A combobox with a listbox (ARIA Authoring Practices); the form still sends the <select> inside. */
(() => {
  "use strict";

  const SHOWN = 60;
  let counter = 0;

  /* The same folding as conditions/words.py: no case, no accents, no punctuation. */
  const fold = (text) =>
    text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/\p{M}/gu, "")
      .replace(/['’‘ʼ`´\u0640]/g, "")
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();

  const startsInOrder = (words, name) => {
    const parts = name.split(" ");
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  };

  /* 0 is the best: the name itself. Infinity: no match. */
  const score = (query, words, name) => {
    if (name === query) return 0;
    if (name.startsWith(query)) return 1;
    if (startsInOrder(words, name)) return 2;
    return name.includes(query) && query.length > 2 ? 3 : Infinity;
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
      if (!this.select || this.input) return;
      this.many = this.select.multiple;
      counter += 1;
      this.stem = `${this.select.id || "terms"}-find-${counter}`;
      this.build();
      this.select.hidden = true;
      this.select.addEventListener("change", () => this.showChosen());
      this.showChosen();
    }

    build() {
      this.chosen = document.createElement("ul");
      this.chosen.className = "term-select-chosen";

      this.input = document.createElement("input");
      Object.assign(this.input, { type: "text", id: this.stem, autocomplete: "off" });
      this.input.placeholder = this.dataset.find;
      const given = {
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": `${this.stem}-list`,
      };
      for (const [name, value] of Object.entries(given)) this.input.setAttribute(name, value);
      const described = this.select.getAttribute("aria-describedby");
      if (described) this.input.setAttribute("aria-describedby", described);
      for (const label of [...this.select.labels]) {
        label.id ||= `${this.stem}-label`;
        label.htmlFor = this.stem;
        this.input.setAttribute("aria-labelledby", label.id);
      }

      this.list = document.createElement("ul");
      this.list.id = `${this.stem}-list`;
      this.list.className = "term-select-list";
      this.list.setAttribute("role", "listbox");
      if (this.many) this.list.setAttribute("aria-multiselectable", "true");
      this.list.hidden = true;
      this.append(this.chosen, this.input, this.list);

      this.input.addEventListener("input", (event) => {
        event.stopPropagation();
        this.open();
      });
      this.input.addEventListener("click", () => this.open());
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => this.close());
      /* Keeps the focus in the field while an option is pressed. */
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const row = event.target.closest("[role=option]");
        if (row) this.toggle(this.rows.get(row.id));
      });
      this.chosen.addEventListener("click", (event) => {
        const chip = event.target.closest("button");
        if (chip) {
          this.set(this.select.querySelector(`option[value="${chip.value}"]`), false);
          this.input.focus();
        }
      });
    }

    /* Every term with its folded names, built on first use: a big vocabulary must not slow the page down. */
    terms() {
      if (this.known) return this.known;
      const above = [];
      this.known = [...this.select.options]
        .filter((option) => option.value)
        .map((option) => {
          const level = Number(option.dataset.depth) - 1;
          const label = option.textContent.trim();
          const names = [label, ...(option.dataset.words || "").split("|")].filter(Boolean);
          const term = { option, level, label, names, folded: names.map(fold) };
          above.length = level;
          term.parents = above.filter(Boolean);
          above[level] = term;
          return term;
        });
      return this.known;
    }

    found() {
      const query = fold(this.input.value);
      if (!query) return { found: this.terms(), tree: true };
      const words = query.split(" ");
      const found = [];
      for (const term of this.terms()) {
        let best = Infinity;
        let by = "";
        term.folded.forEach((name, number) => {
          const points = score(query, words, name) + (number ? 0.1 : 0);
          if (points < best) [best, by] = [points, number ? term.names[number] : ""];
        });
        if (best === Infinity) {
          const line = [...term.folded, ...term.parents.flatMap((parent) => parent.folded)].join(" ");
          if (startsInOrder(words, line)) best = 5;
        }
        if (best < Infinity) found.push({ ...term, best, by });
      }
      found.sort((one, other) => one.best - other.best);
      return { found, tree: false };
    }

    open() {
      const { found, tree } = this.found();
      this.rows = new Map();
      this.list.replaceChildren();
      found.slice(0, SHOWN).forEach((term, number) => {
        this.list.append(this.row(term, number, tree));
      });
      const left = found.length - SHOWN;
      if (!found.length) this.note(this.dataset.nothing);
      else if (left > 0) this.note(`… ${left} ${this.dataset.more}`);
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      this.activate(tree ? null : this.list.querySelector("[role=option]"));
    }

    row(term, number, tree) {
      const row = document.createElement("li");
      row.id = `${this.stem}-option-${number}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(term.option.selected));
      row.textContent = term.label;
      if (tree) row.style.setProperty("--level", term.level);
      else {
        const hint = [term.by, term.parents.at(-1)?.label].filter(Boolean).join(" · ");
        if (hint) {
          const small = document.createElement("span");
          small.className = "term-select-hint";
          small.textContent = hint;
          row.append(small);
        }
      }
      this.rows.set(row.id, term.option);
      return row;
    }

    note(text) {
      const row = document.createElement("li");
      row.className = "term-select-note";
      row.setAttribute("role", "presentation");
      row.textContent = text;
      this.list.append(row);
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.activate(null);
      this.input.value = "";
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
      const steps = {
        ArrowDown: () => (this.list.hidden ? this.open() : this.activate(rows[(at + 1) % rows.length] || null)),
        ArrowUp: () => (this.list.hidden ? this.open() : this.activate(rows.at(at > 0 ? at - 1 : -1) || null)),
        Enter: () => this.active && this.toggle(this.rows.get(this.active.id)),
        Escape: () => this.close(),
        Backspace: () => this.input.value || this.set([...this.select.selectedOptions].at(-1), false),
      };
      if (!steps[event.key] || event.isComposing) return;
      /* Enter never sends the whole form from here; Backspace still deletes letters. */
      if (event.key !== "Backspace") event.preventDefault();
      if (event.key === "Escape" && !this.list.hidden) event.stopPropagation();
      steps[event.key]();
    }

    toggle(option) {
      this.set(option, this.many ? !option.selected : true);
      if (this.many) {
        this.input.value = "";
        this.open();
      } else this.close();
    }

    set(option, chosen) {
      if (!option?.value) return;
      if (this.many) option.selected = chosen;
      else this.select.value = chosen ? option.value : "";
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    showChosen() {
      const chips = [...this.select.selectedOptions]
        .filter((option) => option.value)
        .map((option) => {
          const item = document.createElement("li");
          const chip = document.createElement("button");
          Object.assign(chip, { type: "button", className: "term-select-chip", value: option.value });
          chip.textContent = option.textContent.trim();
          chip.setAttribute("aria-label", `${this.dataset.remove}: ${chip.textContent}`);
          item.append(chip);
          return item;
        });
      if (!chips.length) {
        const none = document.createElement("li");
        none.className = "term-select-none";
        none.textContent = this.dataset.none;
        chips.push(none);
      }
      this.chosen.replaceChildren(...chips);
    }
  }

  if (!customElements.get("term-select")) customElements.define("term-select", TermSelect);
})();
