/* The chooser of a quote: lists excerpts of this story's interviews, and fills the block's other fields. */
(() => {
  const Factory = window.telepath.constructors["wagtail.admin.widgets.Chooser"];
  const FIELDS = ["text", "speaker", "asked", "start", "end", "rating"];
  const SECTIONS = { before: "before", during: "treatment", after: "after" };

  /* 'before-3-value-excerpt' -> another field of the same block. */
  const beside = (name, other) => document.getElementsByName(name.replace(/excerpt$/, other))[0];

  const fill = (name, said) => {
    for (const other of FIELDS) {
      const field = beside(name, other);
      if (!field || said[other] === undefined) continue;
      field.value = said[other] ?? "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const compiled = beside(name, "compiled");
    if (compiled && said.compiled) compiled.value = JSON.stringify(said.compiled);
  };

  const make = async (address, section) => {
    const response = await fetch(address, {
      method: "POST",
      headers: {
        "X-CSRFToken": window.wagtailConfig.CSRF_TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
        Accept: "application/json",
      },
      body: new URLSearchParams({ section }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error || String(response.status));
    return answer;
  };

  class ExcerptChooserFactory extends Factory {
    render(placeholder, name, id, initialState) {
      const chooser = super.render(placeholder, name, id, initialState);
      const section = SECTIONS[name.split("-")[0]] || "before";
      const plain = chooser.getModalOptions.bind(chooser);
      chooser.getModalOptions = () => {
        const story = /\/pages\/(\d+)\/edit/.exec(window.location.pathname);
        const options = plain() || {};
        return { ...options, linkedFieldFilters: { ...options.linkedFieldFilters, story: story ? story[1] : "" } };
      };
      chooser.addEventListener("chosen", async ({ detail }) => {
        if (!detail.make_url) return fill(name, detail);
        /* Words that are not an excerpt yet become one first. */
        try {
          const made = await make(detail.make_url, section);
          chooser.setState(made);
          fill(name, made);
        } catch (error) {
          chooser.setState({ id: "", title: error.message });
        }
      });
      return chooser;
    }
  }
  window.telepath.register("firsthand.widgets.ExcerptChooser", ExcerptChooserFactory);
})();
