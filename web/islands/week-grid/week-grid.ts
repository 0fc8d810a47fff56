import { mount } from "svelte";
import Grid from "./Grid.svelte";
import css from "./week-grid.css?inline";
import { adopt, words } from "../words.ts";

export const english = {
    title: "Your usual week",
    paint: "Paint hours as",
    free: "free",
    maybe: "if needed",
    no: "not free",
    part: "partly",
    help: "Drag over hours, or press one. On a keyboard: arrows move, Space paints, Shift and an arrow paint on.",
    said: "[days], [from] to [to]: [level]",
    unread: "Line [number] is not drawn: “[text]”. Write it like “Mon 18:00-20:00”.",
    night: "Show the night",
    day: "Hide the night",
    written: "Or write your hours",
    empty: "Clear the week",
    emptied: "The week is empty",
};
export type Words = typeof english;

/** 1 Monday to 7 Sunday, as the region of the reader has it. */
function first_day(element: HTMLElement, region: string): number {
    const told = Number(element.dataset["weekStart"]);
    if (told >= 1 && told <= 7) return told;
    type Info = { firstDay: number };
    const locale = new Intl.Locale(region) as Intl.Locale & { getWeekInfo?(): Info; weekInfo?: Info };
    return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}

class WeekGrid extends HTMLElement {
    #drawn = false;

    connectedCallback() {
        const free = this.querySelector<HTMLTextAreaElement>("textarea[name=free]");
        const maybe = this.querySelector<HTMLTextAreaElement>("textarea[name=maybe]");
        const texts = this.querySelector<HTMLElement>(".week-texts");
        if (this.#drawn || !free || !maybe || !texts) return;
        this.#drawn = true;

        // Words in the language of the page, times as the reader's region writes them.
        const language = this.closest("[lang]")?.getAttribute("lang") || "en";
        const region = this.dataset["region"] || navigator.language;
        const cycle = this.dataset["hourCycle"] ||
            new Intl.DateTimeFormat(region, { hour: "numeric" }).resolvedOptions().hourCycle || "h23";
        const said = words(this, english);

        // The grid does what these fields do for a page without it; sent empty they would say nothing.
        const more = this.querySelector<HTMLFieldSetElement>(".week-more");
        if (more) more.hidden = more.disabled = true;

        const place = document.createElement("div");
        const details = document.createElement("details");
        const summary = document.createElement("summary");
        summary.textContent = said.written;
        details.open = this.querySelector(".week-texts .wrong") !== null;
        texts.before(place, details);
        details.append(summary, texts);
        mount(Grid, { target: place, props: { words: said, free, maybe, language, cycle, first: first_day(this, region) - 1 } });
    }
}

adopt(css);
customElements.define("week-grid", WeekGrid);
