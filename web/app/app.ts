// What every page loads: htmx without eval, a few courtesies, and the doors to the islands.
//
// htmx 4, not 2: it asks for 12 KB instead of 15, speaks fetch, and makes functions out of text in
// one place only, whose two constructors an extension may replace. We replace them by a refusal, so
// `js:`, `hx-on` and trigger filters do not run even where a policy would let them (what
// `allowEval=false` was in htmx 2). Its one style sheet is constructed, and switched off besides.
import "./config.ts";
import htmx from "htmx.org/dist/htmx.esm.min.js";

const refuse = function (): never {
    throw new Error("no code out of text");
} as unknown as FunctionConstructor;
htmx.registerExtension("allotment", {
    init: (api: { initSecurity(policy: null, now: FunctionConstructor, later: FunctionConstructor): void }) => {
        api.initSecurity(null, refuse, refuse);
    },
});

/** Islands are fetched by pages that hold them, and no others. */
const islands: Record<string, () => Promise<unknown>> = {
    "week-grid": () => import("../islands/week-grid/week-grid.ts"),
};

interface Palette extends HTMLElement { open(typed: string): void }
const palette = () => document.querySelector<Palette>("command-palette");

async function open_palette() {
    const found = palette();
    if (!found) return;
    // Who types on while it is being fetched loses no letter.
    let typed = "";
    const keep = (event: KeyboardEvent) => {
        if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            typed += event.key;
        }
    };
    document.addEventListener("keydown", keep);
    try {
        await import("../islands/palette/palette.ts");
    } finally {
        document.removeEventListener("keydown", keep);
    }
    found.open(typed);
}

/**
 * A reader whose zone the server does not know sees the host's time; here her own stands there, in the
 * words of her region. Where the clocks differ the host's follows in the same words, with its city.
 */
function say_in_own_time(time: HTMLTimeElement) {
    const { ends, there, until } = time.dataset;
    const { lang } = document.documentElement;
    const say = (begins: string, ends: string, timeZone?: string) =>
        new Intl.DateTimeFormat(navigator.languages.find((one) => one.startsWith(lang)) ?? lang, {
            weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "numeric", timeZone,
        }).formatRange(new Date(begins), new Date(ends));
    const own = say(time.dateTime, ends!);
    const theirs = say(there!, until!, "UTC"); // what their wall says, as if it were UTC
    const city = time.querySelector("span")!;
    city.textContent = `(${theirs} ${city.textContent})`;
    time.textContent = own;
    if (own !== theirs) time.after(" ", city);
    delete time.dataset.ends;
}

/** Looks at a page, or at the part of it that has just come. */
function greet(root: ParentNode) {
    for (const [tag, fetch] of Object.entries(islands)) {
        if (root.querySelector(tag)) void fetch();
    }
    for (const zone of root.querySelectorAll<HTMLInputElement>("[data-guess-zone]")) {
        zone.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone;
    }
    for (const time of root.querySelectorAll<HTMLTimeElement>("time[data-ends]")) {
        say_in_own_time(time);
    }
    for (const button of root.querySelectorAll<HTMLElement>("[data-opens=palette]")) {
        button.hidden = !palette();
        if (/Mac|iP/.test(navigator.platform)) button.querySelector("kbd")?.replaceChildren("⌘ K");
    }
}

document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-opens=palette]")) void open_palette();
});
document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k" && palette()) {
        event.preventDefault();
        void open_palette();
    }
});
document.addEventListener("htmx:after:swap", () => {
    greet(document);
    // Errors come first; otherwise what happened is read out and the focus stays.
    document.querySelector<HTMLElement>(".errors")?.focus();
    const said = document.querySelector("[data-said]");
    if (said) document.querySelector("#said")?.replaceChildren(said.textContent ?? "");
});
greet(document);
