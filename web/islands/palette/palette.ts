import { flushSync, mount } from "svelte";
import Palette from "./Palette.svelte";
import css from "./palette.css?inline";
import { adopt, words } from "../words.ts";

/** One way on: a link of the page, or of the list that `data-src` names. */
export interface Way { title: string; href: string; hint: string }

const english = {
    title: "Go to",
    hint: "Type a place, a circle or something to do",
    none: "Nothing here has that name",
    back: "Close",
};

/** Every link of the places, of the menu and of `<template class="ways">`, once. */
function ways_of_page(element: Element): Way[] {
    const inside = element.querySelector<HTMLTemplateElement>("template.ways")?.content;
    const links = [
        ...document.querySelectorAll<HTMLAnchorElement>(".places a[href]"),
        ...(inside?.querySelectorAll<HTMLAnchorElement>("a[href]") ?? []),
    ];
    return links.map((link) => ({
        title: (link.textContent ?? "").trim(),
        href: link.getAttribute("href")!,
        hint: link.title,
    }));
}

async function ways_of(src: string | undefined): Promise<Way[]> {
    if (!src) return [];
    try {
        const answer = await fetch(src, { headers: { accept: "application/json" } });
        const lists = (await answer.json()) as Record<string, Partial<Way>[]>;
        return Object.values(lists).flat().filter((one) => one.title && one.href?.startsWith("/") && !one.href.startsWith("//"))
            .map((one) => ({ title: one.title!, href: one.href!, hint: one.hint ?? "" }));
    } catch {
        return []; // the links of the page are enough
    }
}

class CommandPalette extends HTMLElement {
    #show: ((typed: string) => void) | undefined;

    open(typed = "") {
        if (!this.#show) {
            const own = ways_of_page(this);
            const more = ways_of(this.dataset["src"]);
            const palette = mount(Palette, { target: this, props: { words: words(this, english), own, more } });
            flushSync(); // the dialog stands only then
            this.#show = palette.show;
        }
        this.#show(typed);
    }
}

adopt(css);
customElements.define("command-palette", CommandPalette);
