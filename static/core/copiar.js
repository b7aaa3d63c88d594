// Copies the token; where the browser does not let us, it selects it.
"use strict";

document.getElementById("copiar").addEventListener("click", async ({ currentTarget }) => {
  const token = document.getElementById("token");
  try {
    await navigator.clipboard.writeText(token.textContent);
    currentTarget.textContent = currentTarget.dataset.done;
  } catch {
    window.getSelection().selectAllChildren(token);
  }
});
