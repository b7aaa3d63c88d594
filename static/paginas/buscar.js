// Proposes what a box refers to while its name is typed. Without it, the name is typed whole.
"use strict";

const PAUSE = 250; // milliseconds without typing before anything is asked
const FEWEST = 2; // letters

function named(row, key) {
    const names = [row.nombres, row.apellidos, row.nombre].filter(Boolean).join(" ");
    return { value: row[key] || row.id, label: [row[key], names].filter(Boolean).join(" · ") };
}

function propose(list, rows, key) {
    const proposals = rows.map((row) => named(row, key));
    const repeated = (value) => proposals.filter((other) => other.value === value).length > 1;
    list.replaceChildren(
        ...proposals.map((proposal, position) => {
            const option = document.createElement("option");
            option.value = repeated(proposal.value) ? rows[position].id : proposal.value;
            option.label = proposal.label;
            return option;
        }),
    );
}

function watch(box) {
    const { buscar: address, clave: key } = box.dataset;
    const list = document.createElement("datalist");
    list.id = `propuestas-${box.name}`;
    box.after(list);
    box.setAttribute("list", list.id);
    let waiting = 0;
    let asking = new AbortController();
    box.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(async () => {
            const text = box.value.trim();
            if (text.length < FEWEST) return;
            asking.abort();
            asking = new AbortController();
            const query = new URLSearchParams({ search: text, page_size: 8 });
            try {
                const answer = await fetch(`${address}?${query}`, {
                    headers: { Accept: "application/json" },
                    signal: asking.signal,
                });
                if (answer.ok) propose(list, (await answer.json()).results, key);
            } catch {
                // Nothing is proposed; what is typed is sent all the same.
            }
        }, PAUSE);
    });
}

document.querySelectorAll("input[data-buscar]").forEach(watch);
