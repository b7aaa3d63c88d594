"use strict";

/* A form that stayed open longer than its session is not sent into nothing: before it goes, the page
   asks whether the session goes on; if not, what was typed stays and a dialog says how to go on. */
(() => {
    const OPEN_LONG = 30_000; // milliseconds: a page younger than this is sent as it is
    const address = "/admin/sesion/";
    const sure = new WeakSet();

    const send = (form, button) => {
        sure.add(form);
        form.requestSubmit(button);
        sure.delete(form);
    };

    const ask = async (form, button) => {
        let answer;
        try {
            answer = await fetch(address, { headers: { Accept: "application/json, text/html" } });
        } catch {
            return send(form, button); // no network: the browser will say so
        }
        if (answer.status === 401) return tell(await answer.text());
        if (answer.ok) {
            const field = form.elements.namedItem("csrfmiddlewaretoken");
            if (field) field.value = (await answer.json()).csrf; // signing in again changed it
        }
        return send(form, button);
    };

    const tell = (html) => {
        document.getElementById("sesion-terminada")?.closest("dialog").remove();
        document.body.insertAdjacentHTML("beforeend", html);
        document.getElementById("sesion-terminada").closest("dialog").showModal();
    };

    document.addEventListener(
        "submit",
        (event) => {
            const form = event.target;
            const signedIn = document.getElementById("logout-form");
            // By attribute: a form with a field named "action" hides its own.
            const posts = form.getAttribute("method")?.toLowerCase() === "post";
            const to = new URL(form.getAttribute("action") ?? "", location.href);
            if (!posts || to.origin !== location.origin || !signedIn || form === signedIn) return;
            if (sure.has(form) || performance.now() < OPEN_LONG) return;
            event.preventDefault();
            event.stopImmediatePropagation();
            ask(form, event.submitter);
        },
        true,
    );
})();
