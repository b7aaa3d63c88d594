// Sends what the page's forms say, and shows the answer in its place.
"use strict";

for (const form of document.querySelectorAll("form.envio")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.dataset.question && !window.confirm(button.dataset.question)) return;
    button.disabled = true;
    const headers = {
      Accept: "text/html",
      "Content-Type": "application/json",
      "X-CSRFToken": JSON.parse(document.getElementById("csrf").textContent),
    };
    if (form.dataset.version) headers["If-Match"] = `"${form.dataset.version}"`;
    const body = form.querySelector("textarea")?.value;
    try {
      const answer = await fetch(window.location.href, { method: form.dataset.method, headers, body });
      if (answer.ok && form.dataset.method === "DELETE") {
        window.location.assign("../");
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of [".peticion", ".respuesta"]) {
        document.querySelector(part).replaceWith(page.querySelector(part));
      }
      const version = page.querySelector("form.envio[data-version]")?.dataset.version;
      if (answer.ok && version) {
        for (const other of document.querySelectorAll("form.envio")) other.dataset.version = version;
      }
      document.querySelector(".peticion").scrollIntoView();
    } finally {
      button.disabled = false;
    }
  });
}
