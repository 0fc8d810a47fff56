// One evening with all that people leave there, made through the forms of its pages.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { root } from "../../tests/journeys/lib/packages.js";

const additions = 28; // and two of the demonstration; one is a plot
const of_guests = 8; // a host has looked at each
const answers = 6;

/// Prose that people wrote, a paragraph each: made-up words would be packed better than theirs.
async function paragraphs() {
    const texts = await Promise.all(["gatherings", "turns", "operations"].map((one) => readFile(`${root}docs/${one}.md`, "utf8")));
    return texts.join("\n\n").split("\n\n").map((one) => one.replaceAll("\n", " "))
        .filter((one) => /^[A-Z][^|`]*$/.test(one) && one.length >= 120 && one.length <= 700);
}

/// A plot with axes, words, two curves and points around them, as a PNG.
async function plot(chrome) {
    const page = await chrome.open();
    await page.setViewportSize({ width: 640, height: 480 });
    const curve = (late) => Array.from({ length: 61 }, (_, k) => [60 + 9 * k, 80 + 300 / (1 + Math.exp((k - late) / 5))]);
    const lines = [20, 34].map((late) => `<polyline fill="none" stroke="${late === 20 ? "#3b5f8a" : "#b0602f"}" stroke-width="2" points="${curve(late).map((dot) => dot.join()).join(" ")}"/>`);
    const dots = [20, 34].flatMap((late) => curve(late).map(([x, y], k) => `<circle cx="${x}" cy="${y + 14 * Math.sin(7 * k + late)}" r="3" fill-opacity=".5"/>`));
    const ticks = Array.from({ length: 7 }, (_, k) => `<path d="M${60 + 90 * k} 420v6" stroke="#000"/><text x="${52 + 90 * k}" y="442">${18 + k} h</text>`);
    await page.setContent(`<body style="margin:0"><svg width="640" height="480" font-family="sans-serif" font-size="14"><path d="M60 40v380h560" fill="none" stroke="#000"/>${ticks.join("")}${dots.join("")}${lines.join("")}<text x="200" y="30">Angle of one leaf on two nights</text></svg>`);
    const bytes = await page.screenshot();
    await chrome.leave(page);
    return bytes;
}

/// What one reader sends from the page at `from`; the form's key goes with it.
function sender(chrome, at, page) {
    return async (from, to, fields) => {
        await page.goto(at(from));
        const form_key = await page.locator("[name=form_key]").first().inputValue();
        const answer = await page.request.post(at(to), { multipart: { ...fields, form_key }, maxRedirects: 0 });
        assert.equal(answer.status(), 303, `${to}: ${await answer.text()}`);
    };
}

/// Fills the evening at `path`, whose turns the demonstration has given away: a paper, a thread of 30
/// additions with what is there, a plot, what was learned and decided, and notes. `state` is that of a
/// host. Returns the bytes of the plot.
export async function fill_evening(chrome, at, path, state) {
    const words = await paragraphs();
    assert.ok(words.length >= additions, `${words.length} paragraphs`);
    const [host, guest] = [await chrome.open(undefined, { state }), await chrome.open(at(path))];
    const [send, send_as_guest] = [host, guest].map((page) => sender(chrome, at, page));
    await send(`${path}/prepare`, `${path}/prepare`, { title: "Is it the light, or the warmth?", agenda: "",
        paper: "@article{night, title={A short history of watching plants at night (invented)}, doi={10.5555/night-garden.1}}" });

    const picture = await plot(chrome);
    await send(path, `${path}/thread`, { kind: "plot", words: words[0], picture_words: "The angle of one leaf on two nights, which falls at nine and at eleven.",
        picture: { name: "leaf.png", mimeType: "image/png", buffer: picture } });
    for (let k = 1; k <= of_guests; ++k) {
        await send_as_guest(path, `${path}/thread`, { kind: k % 2 ? "question" : "idea", words: words[k], name: `Guest ${k}`, zone: "Africa/Lagos" });
    }
    await host.goto(at(path));
    for (const waiting = host.locator("#thread button[value=shown]"); await waiting.count(); ) {
        await waiting.first().click();
        await host.waitForLoadState();
    }
    const others = words.slice(1 + of_guests, additions - answers);
    for (const [k, one] of others.entries()) await send(path, `${path}/thread`, { kind: k % 2 ? "idea" : "question", words: one });
    await host.goto(at(path));
    const lines = await host.locator("#thread a[href*='/thread/']").evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute("href")))]);
    for (const [k, one] of words.slice(additions - answers, additions).entries()) {
        await send(lines[k], `${path}/thread`, { kind: "answer", answers: lines[k].split("/").at(-1), words: one });
    }

    await host.goto(at(`${path}/after`));
    const first_plot = await host.locator("#first_plot option").nth(1).getAttribute("value");
    await send(`${path}/after`, `${path}/after`, { first_plot, held: "yes", refusal_seen: "", recording_link: "", recording_until: "",
        learned: "Leaves close by the clock, not by the light.\nThe warm pot was an hour late.\nMoss is slow.",
        decided: "One pot stands on a heat mat for two weeks.", notes: words.slice(0, 5).join("\n") });
    for (const page of [host, guest]) await chrome.leave(page);
    return picture.length;
}

/// Fails where a stranger without scripts does not read all of it: a page without its thread is quick.
export async function expect_whole(chrome, at, path) {
    const page = await chrome.open(at(path), { scripts: false });
    assert.equal(await page.locator("#thread > ul > li").count(), 30 - answers);
    assert.equal(await page.locator("#thread blockquote").count(), answers);
    for (const part of [/Moss is slow/, /heat mat/, /short history of watching/]) assert.match(await page.textContent("main"), part);
    assert.ok(await page.locator("#thread img").count() >= 1);
    await chrome.leave(page);
}
