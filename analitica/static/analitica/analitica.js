"use strict";

// Draws what each chart's data say, with the colours of the page; the table under it says the same.
(() => {
    const ROW = 30; // what a bar that lies takes, in pixels
    const COLOURS = 8;

    const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const colour = (place) => style(`--ana-${(place % COLOURS) + 1}`);
    const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

    const dataset = (series, place, data) => {
        const base = { label: series.label, data: series.values };
        if (data.kind === "doughnut") {
            return { ...base, backgroundColor: data.labels.map((_, slice) => colour(slice)), borderColor: style("--rep-fondo"), borderWidth: 2 };
        }
        if (data.kind === "line") {
            const dash = place ? [2 + 3 * place, 3] : [];
            return { ...base, backgroundColor: colour(place), borderColor: colour(place), borderDash: dash, borderWidth: 2, pointRadius: 2.5, tension: 0 };
        }
        return { ...base, backgroundColor: colour(place), borderRadius: 3, maxBarThickness: 36 };
    };

    // The letters that a name on an axis may take: the table has it whole.
    const fitting = (width) => Math.max(14, Math.min(40, Math.round(width / 20)));

    const scales = (data, width) => {
        const ink = style("--rep-tenue");
        const number = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 });
        const unit = data.series[0].unit ? ` ${data.series[0].unit}` : "";
        const figures = {
            beginAtZero: true,
            grid: { color: style("--rep-borde") },
            border: { display: false },
            ticks: { color: ink, maxTicksLimit: 6, precision: data.series[0].whole ? 0 : undefined, callback: (value) => number.format(value) + unit },
        };
        const names = {
            grid: { display: false },
            border: { color: style("--rep-borde") },
            ticks: {
                color: ink,
                autoSkip: data.kind !== "rows",
                callback: (_, place) => short(data.labels[place], data.kind === "rows" ? fitting(width) : 28),
            },
        };
        return data.kind === "rows" ? { x: figures, y: names } : { x: names, y: figures };
    };

    const options = (data, width) => ({
        animation: false,
        maintainAspectRatio: false,
        indexAxis: data.kind === "rows" ? "y" : "x",
        interaction: { mode: data.kind === "doughnut" ? "nearest" : "index", intersect: data.kind === "doughnut", axis: data.kind === "rows" ? "y" : "x" },
        scales: data.kind === "doughnut" ? {} : scales(data, width),
        plugins: {
            legend: {
                display: data.kind === "doughnut" || data.series.length > 1,
                position: data.kind === "doughnut" ? "right" : "top",
                align: data.kind === "doughnut" ? "center" : "start",
                labels: { boxHeight: 10, boxWidth: data.kind === "line" ? 24 : 10, color: style("--rep-texto"), pointStyle: "line", usePointStyle: data.kind === "line" },
            },
            tooltip: {
                callbacks: {
                    title: ([item]) => data.labels[item.dataIndex],
                    label: (item) => {
                        const series = data.series[item.datasetIndex];
                        return `${series.label}: ${series.texts[item.dataIndex]}`;
                    },
                },
            },
        },
    });

    const draw = (box) => {
        const data = JSON.parse(document.getElementById(box.dataset.grafico).textContent);
        box.hidden = false;
        if (data.kind === "rows") {
            const each = ROW + 12 * (data.series.length - 1);
            box.style.height = `${Math.max(3, data.labels.length) * each + (data.series.length > 1 ? 76 : 44)}px`;
        }
        return new Chart(box.querySelector("canvas"), {
            type: data.kind === "rows" ? "bar" : data.kind,
            data: { labels: data.labels, datasets: data.series.map((series, place) => dataset(series, place, data)) },
            options: options(data, box.clientWidth),
        });
    };

    document.addEventListener("DOMContentLoaded", () => {
        Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
        const boxes = [...document.querySelectorAll("[data-grafico]")];
        let charts = boxes.map(draw);
        document.querySelector(".ana-indice [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
        // Light and dark have colours of their own.
        let dark = document.documentElement.classList.contains("dark");
        new MutationObserver(() => {
            const now = document.documentElement.classList.contains("dark");
            if (now === dark) return;
            dark = now;
            charts.forEach((chart) => chart.destroy());
            charts = boxes.map(draw);
        }).observe(document.documentElement, { attributeFilter: ["class"] });
    });
})();
