"use strict";

// The box that select2 draws over a field has no name of its own: the field's label gives it one.
function nameBoxes(within) {
  for (const field of within.querySelectorAll("select.select2-hidden-accessible")) {
    const said = field.labels[0]?.textContent ?? field.getAttribute("aria-label") ?? field.dataset.placeholder;
    const name = said?.replace("*", "").trim();
    const box = field.nextElementSibling?.querySelector(".select2-selection");
    if (!name || !box || box.ariaLabel === name) continue;
    box.setAttribute("aria-label", name);
    box.removeAttribute("aria-labelledby");
    box.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", name);
  }
}

// They are drawn when the page is ready, and again in each row that somebody adds.
new MutationObserver(() => nameBoxes(document)).observe(document, { childList: true, subtree: true });
