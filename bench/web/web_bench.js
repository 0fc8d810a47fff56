// What pages weigh and when they are there, on a slow phone, against the budgets of the house.
// Started by bench/web/run. Prints tables as docs/performance.md has them.
import { execFile } from "node:child_process";
import { loadavg } from "node:os";
import { promisify } from "node:util";

import { house } from "../../tests/journeys/lib/house.js";
import { slow_phone } from "../../tests/journeys/lib/slow.js";
import { expect_whole, fill_evening } from "./evening.js";

const visits = 5; // the median of the times
const kb = 1024; // as the gate of web/make counts
const budget = { page: 45 * kb, script: 30 * kb, lcp: 1800 };
const base = "/c/night-garden";
const pages = [
    ["front page", base, true], ["people, 200", `${base}/people`, true],
    ["a circle", `${base}/circles/plants-at-night`, true], ["usual hours", `${base}/settings/hours`, true],
    ["front page of a stranger", base, false], ["sign-in", "/sign-in", false],
    ["what meets, 200 series, of a stranger", `${base}/events`, false],
];

const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];
const in_kb = (bytes) => (bytes / kb).toFixed(1);
const page_of = ({ document = 0, stylesheet = 0, font = 0 }) => document + stylesheet + font;

/// First and warm visits of fresh browsers: bytes of the last, medians of the times.
async function measure(chrome, url, mode) {
    const all = [];
    for (let k = 0; k < visits; ++k) {
        const phone = await slow_phone(chrome, mode);
        all.push({ first: await phone.view(url), warm: await phone.view(url) });
        await phone.leave();
    }
    const of = (which) => ({ ...all.at(-1)[which], lcp_ms: median(all.map((one) => one[which].lcp_ms)),
        longest: Math.max(...all.map((one) => one[which].lcp_ms)) });
    return { first: of("first"), warm: of("warm") };
}

function row(name, { first, warm }, with_scripts) {
    const { document = 0, font = 0, stylesheet = 0, script = 0 } = first.bytes;
    const rest = Object.values(first.bytes).reduce((a, b) => a + b, 0) - page_of(first.bytes) - script;
    const over = [
        page_of(first.bytes) > budget.page && "page too heavy", with_scripts && script > budget.script && "scripts too heavy",
        first.lcp_ms > budget.lcp && "too late", warm.lcp_ms > budget.lcp && "too late when warm",
    ].filter(Boolean);
    const cells = [name, in_kb(document + stylesheet), in_kb(font), in_kb(page_of(first.bytes)), in_kb(script), in_kb(rest),
        first.requests, `${first.lcp_ms} (${first.longest})`, first.layout_shift,
        in_kb(Object.values(warm.bytes).reduce((a, b) => a + b, 0)), warm.requests, warm.lcp_ms, over.join(", ") || "met"];
    console.log(`| ${cells.join(" | ")} |`);
}

const garden = await house(["--demo"], (data) => promisify(execFile)(process.env.ALLOTMENT_PLANT, [data]));
try {
    const { chrome, at } = garden;
    const page = await chrome.open(await garden.printed("sign-in"));
    await page.click("main button");
    await page.waitForURL("**/today");
    const state = await page.context().storageState();
    // A gathering has its day in its address.
    await page.goto(at(`${base}/events`));
    const gathering = await page.locator("main li:has(time) a.row-title").first().getAttribute("href");
    await page.goto(at(`${base}/series/one-plot-a-week`));
    const evening = await page.locator("main a.row-title[href*='/one-plot-a-week/']").first().getAttribute("href");
    await chrome.leave(page);
    const plot = await fill_evening(chrome, at, evening, state);
    await expect_whole(chrome, at, evening);
    pages.push(["a gathering, nothing written yet", gathering, true], ["the same, of a stranger", gathering, false],
        ["an evening with 30 additions, of a host", evening, true], ["the same, of a stranger", evening, false]);
    console.log(`The evening has a plot of ${in_kb(plot)} KB.`);
    console.log(`Budgets: HTML with style and font ${budget.page / kb} KB, scripts ${budget.script / kb} KB, LCP ${budget.lcp} ms.`);
    for (const scripts of [true, false]) {
        console.log(`\n${scripts ? "With" : "Without"} scripts; KB over the wire, heads of answers included; ms:\n`);
        console.log("| page | HTML and style | font | together | scripts | other | requests | LCP, median (longest) | shift | warm: KB | requests | LCP | |");
        console.log("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (const [name, path, signed_in] of pages) {
            row(name, await measure(chrome, at(path), { scripts, ...(signed_in ? { state } : {}) }), scripts);
        }
    }
    console.log(`\nLoad of the machine: ${loadavg().map((one) => one.toFixed(1)).join(", ")}.`);
} finally {
    await garden.close();
}
