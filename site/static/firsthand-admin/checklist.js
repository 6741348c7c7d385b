// The checklist works without this. A Publish button that is not allowed yet goes to the first line to fix; links are copied.
document.addEventListener("click", async (event) => {
  const publish = event.target.closest("#publish[aria-disabled=true]");
  if (publish) {
    const first = document.querySelector(".checklist .lines>.stops");
    if (first) {
      event.preventDefault();
      first.closest("details").open = true;
      (first.querySelector("a[href], input[type=text], button") || first).focus();
      first.scrollIntoView({ block: "center" });
    }
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const field = document.getElementById(copy.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      copy.textContent = copy.dataset.copied;
    } catch {
      document.execCommand("copy");
    }
  }
});
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
});
