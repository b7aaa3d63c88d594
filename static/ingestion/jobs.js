// Keeps the progress of open jobs up to date, and the page itself once one of them begins or ends.
(() => {
    const EVERY = 2000;

    const root = () => location.pathname.replace(/(\/ingestion\/job\/).*/, "$1");
    const open = () => [...document.querySelectorAll("[data-job][data-estado]")];

    const refresh = async () => {
        const shown = open();
        if (!shown.length) return;
        const url = new URL(root() + "avance/", location.origin);
        shown.forEach((element) => url.searchParams.append("id", element.dataset.job));
        try {
            const answer = await fetch(url, { headers: { Accept: "application/json" } });
            if (!answer.ok) return; // signed out, or no longer allowed
            const jobs = await answer.json();
            for (const element of shown) {
                const job = jobs[element.dataset.job];
                if (job?.estado !== element.dataset.estado) return location.reload();
                element.outerHTML = job.html;
            }
        } catch {
            // The server is away for a moment: ask again later.
        }
        setTimeout(refresh, EVERY);
    };

    document.addEventListener("DOMContentLoaded", () => setTimeout(refresh, EVERY));
})();
