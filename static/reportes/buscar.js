// The search over every store: / opens it, arrows and Enter go to an answer, Esc closes it.
(() => {
    const WAIT = 200;

    const make = (tag, text, properties = {}) => Object.assign(document.createElement(tag), { textContent: text }, properties);

    const begin = () => {
        const dialog = document.getElementById("rep-dialogo");
        if (!dialog) return;
        const input = dialog.querySelector("input");
        const answers = dialog.querySelector("#rep-respuestas");
        let timer, asked, chosen = -1;

        const links = () => [...answers.querySelectorAll("a")];

        const choose = (index) => {
            const all = links();
            chosen = index;
            all.forEach((link, place) => link.setAttribute("aria-selected", place === chosen));
            all[chosen]?.scrollIntoView({ block: "nearest" });
            input.setAttribute("aria-activedescendant", all[chosen]?.id ?? "");
        };

        const step = (by) => {
            const count = links().length;
            if (count) choose(chosen < 0 ? (by > 0 ? 0 : count - 1) : (chosen + by + count) % count);
        };

        const link = (url, title, detail) => {
            const made = make("a", "", { href: url, tabIndex: -1 });
            made.setAttribute("role", "option");
            made.append(make("b", title));
            if (detail) made.append(make("small", detail));
            return made;
        };

        const group = (kind) => {
            const box = make("section", "", { role: "group", ariaLabel: kind.title });
            const head = make("h3", "", { ariaHidden: "true" });
            const icon = make("span", kind.icon, { className: "material-symbols-outlined" });
            icon.setAttribute("aria-hidden", "true");
            head.append(icon, kind.title);
            box.append(head);
            if (kind.problem) box.append(make("p", kind.problem, { className: "rep-problema", role: "presentation" }));
            for (const hit of kind.hits) box.append(hit.url ? link(hit.url, hit.title, hit.detail) : make("p", `${hit.title} · ${hit.detail}`, { role: "presentation" }));
            if (kind.more_url) box.append(link(kind.more_url, `${dialog.dataset.mas}…`));
            return box;
        };

        const show = (answer) => {
            answers.replaceChildren(...answer.kinds.map(group));
            if (answer.sentence) answers.append(make("p", answer.sentence, { className: "rep-tenue" }));
            links().forEach((made, place) => (made.id = `rep-respuesta-${place}`));
            answers.role = links().length ? "listbox" : "status"; // a list of nothing is none
            input.setAttribute("aria-expanded", links().length > 0);
            choose(answer.kinds[0]?.rank === 0 && links().length ? 0 : -1); // what was named exactly is one Enter away
        };

        const ask = async () => {
            asked?.abort();
            const mine = (asked = new AbortController());
            const url = new URL(dialog.dataset.url, location.origin);
            url.searchParams.set("q", input.value);
            try {
                const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "application/json" } });
                if (answer.redirected) return location.reload(); // the session has ended
                if (!answer.ok) throw new Error(answer.status);
                const found = await answer.json();
                if (asked === mine) show(found);
            } catch (failure) {
                if (failure.name !== "AbortError") show({ kinds: [], sentence: dialog.dataset.fallo });
            }
        };

        const open = () => {
            if (dialog.open) return;
            dialog.showModal();
            input.select();
            ask();
        };

        input.addEventListener("input", () => {
            clearTimeout(timer);
            timer = setTimeout(ask, WAIT);
        });

        input.addEventListener("keydown", (event) => {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                event.preventDefault();
                step(event.key === "ArrowDown" ? 1 : -1);
            } else if (event.key === "Enter" && chosen >= 0) {
                event.preventDefault();
                links()[chosen].click();
            } else if (event.key === "Escape") {
                event.preventDefault(); // some browsers only empty the field
                dialog.close();
            }
        });

        dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

        for (const button of document.querySelectorAll("[data-buscar]")) {
            button.addEventListener("click", (event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                open();
            });
        }

        document.addEventListener("keydown", (event) => {
            const writing = event.target.closest?.("input, textarea, select, [contenteditable='true'], .select2-container");
            if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
                event.preventDefault();
                event.stopPropagation(); // unfold gives the same key to the box of a list
                open();
            }
        });
    };

    document.addEventListener("DOMContentLoaded", begin);
})();
