// Progressive enhancement only: every page works without this file. No dependencies.
(() => {
  const d = document,
    root = d.documentElement;
  root.classList.add("js");
  const all = (s, r = d) => [...r.querySelectorAll(s)];
  const say = d.body.appendChild(Object.assign(d.createElement("p"), { className: "hush" }));
  say.setAttribute("role", "status");

  // 1. Recordings: a link to a moment of a recording on this page plays it in place, and its transcript follows.
  const players = new Map();
  all("video, audio").forEach((media) => {
    const source = media.querySelector("source");
    if (source) players.set(source.getAttribute("src"), media);
  });
  let on = null;
  const release = () => {
    if (!on) return;
    delete on.dataset.on;
    on.firstChild.data = on.dataset.label;
    on = null;
  };
  all("a[data-t]").forEach((link) => {
    const media = players.get(link.getAttribute("href").split("#")[0]);
    if (!media) return;
    const clip = link.classList.contains("clip");
    if (clip) {
      link.setAttribute("role", "button");
      link.dataset.label = link.firstChild.data;
      link.addEventListener("keydown", (event) => {
        if (event.key === " ") {
          event.preventDefault();
          link.click();
        }
      });
    }
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const again = on === link;
      release();
      const here = !clip && !media.paused && media.closest(".moment") && link.closest("[aria-current]");
      if (again || here) return media.pause();
      if (clip) {
        on = link;
        link.dataset.on = "";
        link.firstChild.data = `${root.dataset.stop} `;
      }
      open(media);
      media.currentTime = +link.dataset.t;
      media.play().catch(release);
    });
  });
  // A quote's player opens on request with captions on: inside a video, below an audio bar.
  const open = (media) => {
    const box = media.closest(".moment"),
      track = media.textTracks[0];
    if (!box || box.classList.contains("on")) return;
    box.classList.add("on");
    if (!track) return;
    track.mode = media.tagName === "VIDEO" ? "showing" : "hidden";
    if (media.tagName === "VIDEO") return;
    const said = box.appendChild(Object.assign(d.createElement("p"), { className: "now" }));
    said.lang = media.querySelector("track").srclang;
    track.addEventListener("cuechange", () => {
      said.textContent = [...track.activeCues].map((cue) => cue.getCueAsHTML().textContent).join(" ");
    });
  };
  const at = (link) => link.getAttribute("href").split("#")[0];
  const spoken = all(".lines a[data-t]");
  players.forEach((media, address) => {
    const links = spoken.filter((link) => at(link) === address);
    const lines = links.map((link) => link.closest("li")),
      starts = links.map((link) => +link.dataset.t);
    const mark = (now) => {
      let current = -1;
      starts.forEach((start, n) => {
        if (start <= now + 0.3) current = n;
      });
      lines.forEach((line, n) => {
        if ((n === current) === line.hasAttribute("aria-current")) return;
        line.removeAttribute("aria-current");
        if (n !== current) return;
        line.setAttribute("aria-current", "true");
        const script = line.closest(".script");
        script.scrollTop = line.offsetTop - script.clientHeight / 3;
      });
    };
    media.addEventListener("timeupdate", () => {
      const now = media.currentTime;
      if (on && at(on) === address && on.dataset.end && now >= +on.dataset.end) {
        media.pause();
        release();
      }
      if (now || !media.paused) mark(now);
    });
    media.addEventListener("play", () => {
      players.forEach((other) => {
        if (other !== media) other.pause();
      });
      all(".lines [aria-current]").forEach((line) => {
        if (!lines.includes(line)) line.removeAttribute("aria-current");
      });
    });
    media.addEventListener("pause", () => {
      if (on && at(on) === address) release();
    });
    const moment = media.closest("[data-film]") && /^#t=?(\d+)/.exec(location.hash);
    if (moment) {
      media.currentTime = +moment[1];
      mark(+moment[1]);
    }
  });

  // A link to #t=134 goes to the line said at that second, in a transcript that does not belong to a film.
  const toMoment = () => {
    const moment = /^#t=?(\d+)/.exec(location.hash);
    const line =
      moment &&
      all(".script:not([data-film] *) li[id]")
        .filter((l) => +l.id.slice(1) <= +moment[1])
        .pop();
    if (!line) return;
    for (const other of all(".lines [aria-current]")) other.removeAttribute("aria-current");
    line.setAttribute("aria-current", "true");
    line.scrollIntoView({ block: "center" });
  };
  addEventListener("hashchange", toMoment);
  toMoment();

  // Find in a transcript: lines without the words are hidden.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  all("[data-find]").forEach((box) => {
    const field = box.querySelector("input"),
      count = box.querySelector("output");
    const lines = all("li", box.parentNode.querySelector(".lines"));
    let words;
    box.hidden = false;
    field.addEventListener("input", () => {
      words ||= lines.map((line) => plain(line.textContent));
      const wanted = plain(field.value.trim());
      let found = 0;
      lines.forEach((line, n) => {
        const here = words[n].includes(wanted);
        if (line.hidden === here) line.hidden = !here;
        found += here;
      });
      count.textContent = wanted ? `${found} / ${lines.length}` : "";
    });
  });

  // 2. Copy a citation.
  for (const b of all("[data-copy]"))
    b.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(d.getElementById(b.dataset.copy).textContent.trim());
        say.textContent = b.textContent = root.dataset.copied;
      } catch {
        getSelection().selectAllChildren(d.getElementById(b.dataset.copy));
      }
    });

  // 3. Open or close all answers; a link to an answer opens it.
  for (const b of all("[data-all]"))
    b.addEventListener("click", () => {
      const open = b.getAttribute("aria-pressed") !== "true";
      b.setAttribute("aria-pressed", open);
      for (const x of all(".faq details")) x.open = open;
    });
  const openTarget = () => {
    const t = location.hash && d.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (t && t.tagName === "DETAILS") t.open = true;
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  // 4. Move to the error summary. Escape closes the menu.
  const oops = d.querySelector(".oops");
  if (oops) oops.focus();
  const menu = d.querySelector(".menu");
  if (menu)
    addEventListener("keydown", (e) => {
      if (e.key === "Escape" && menu.open) {
        menu.open = false;
        menu.firstElementChild.focus();
      }
    });
})();
