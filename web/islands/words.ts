/** The words of an island in the language of the page: `<template class="words">` inside the
    element holds one `<i data-is="free">…</i>` for each, and what it lacks stays English. */
export function words<T extends Record<string, string>>(element: Element, english: T): T {
    const out = { ...english };
    const template = element.querySelector<HTMLTemplateElement>("template.words");
    for (const one of template?.content.querySelectorAll<HTMLElement>("[data-is]") ?? []) {
        const name = one.dataset["is"]!;
        if (name in out) (out as Record<string, string>)[name] = one.textContent ?? "";
    }
    return out;
}

/** `[day] at [hour]` with its parts put in. */
export const say = (pattern: string, parts: Record<string, string>) =>
    pattern.replace(/\[(\w+)\]/g, (whole, name: string) => parts[name] ?? whole);

/** A style sheet of an island: constructed, because the policy refuses `<style>`. */
export function adopt(css: string) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets.push(sheet);
}
