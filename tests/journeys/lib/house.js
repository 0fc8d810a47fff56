// The real program on an empty folder, and pages of it that must be clean.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { axe, browser, sideways, too_small } from "./browser.js";
import { root } from "./packages.js";
import { start } from "./program.js";

export const shots = `${root}build/journeys/shots/`;
const docs = `${root}docs/pictures/`;
/// Those that docs/pictures.md shows, and what stands at their top where it is not the top of the page.
/// They change with each day's date, so script/pictures says when.
const for_docs = process.env.ALLOTMENT_PICTURES ? {
    "demo-front": "", "demo-today": "", "demo-people-narrow-dark": "", "demo-people-rtl": "", "demo-hours": "", circle: "",
    "circle-narrow-dark": "", events: "", series: "", "gathering-kolkata": "", evening: "#thread", "evening-narrow-dark": "",
} : {};
export const narrow = { width: 320, height: 640, touch: true };
const program = process.env.ALLOTMENT_PROGRAM ?? `${root}build/release/allotment`;

const faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/// The clock of the program, as a file that libfaketime reads: it stands still until it is set.
/// Timers go on by the real one.
async function fake_clock(folder, begins) {
    const file = join(folder, "clock");
    const set = async (utc) => { // "2027-01-12 09:00:00", in one step: it is read at any moment
        await writeFile(`${file}.new`, utc);
        await rename(`${file}.new`, file);
    };
    await set(begins);
    const env = { LD_PRELOAD: faketime, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1", TZ: "UTC" };
    return { set, env };
}

/// Starts `allotment serve` with these options beside its own, and a browser. `plant` may put a
/// database into the folder of the data first. With `begins`, "2027-01-12 09:00:00" in UTC, the
/// program has a clock of its own, which `set_clock` moves.
export async function house(options = [], plant = undefined, begins = undefined) {
    await mkdir(shots, { recursive: true });
    const folder = await mkdtemp(join(tmpdir(), "journey-house-"));
    if (plant) {
        await mkdir(join(folder, "data"));
        await plant(join(folder, "data"));
    }
    const clock = begins && await fake_clock(folder, begins);
    // One after the other: a browser left open beside a program that did not start would never end.
    const server = await start(program,
        ["serve", ...options, "--data", join(folder, "data"), "--listen", "localhost:0"], { env: clock?.env });
    const chrome = await browser();
    const at = (path) => new URL(path, server.url).href;

    /// The address after this word that the program prints when it has begun: "begin", "sign-in".
    async function printed(word) {
        for (let k = 0; k < 250; ++k) {
            const line = server.lines.find((one) => one.startsWith(`${word} `));
            if (line) return line.slice(word.length + 1);
            await new Promise((again) => setTimeout(again, 20));
        }
        throw new Error(`no line "${word} ..." was printed`);
    }

    /// Keeps what a reader sees of a page at once, with what stands at `selector` on top.
    async function picture(page, name, selector) {
        if (selector) await page.locator(selector).evaluate((one) => one.scrollIntoView());
        await page.waitForFunction(() => [...document.images].every((one) => one.complete || one.getBoundingClientRect().top > innerHeight));
        await page.screenshot({ path: `${docs}${name}.jpg`, quality: 80 });
    }

    /// A page as `state` sees it: keeps within its width, large enough to press, clean for axe, and
    /// the browser complains of nothing. A picture stays in build/journeys/shots.
    async function look(path, name, state, mode = {}) {
        const page = await chrome.open(at(path), { state, ...mode });
        try {
            if (await page.$("week-grid")) await page.waitForSelector(".week table");
            await page.screenshot({ path: `${shots}${name}.png`, fullPage: true });
            if (name in for_docs) await picture(page, name, for_docs[name]);
            assert.equal(await sideways(page), 0, `${name} scrolls sideways`);
            assert.deepEqual(await too_small(page), [], name);
            assert.deepEqual(await axe(page), [], name);
            assert.deepEqual(page.complaints, [], name);
        } finally {
            await chrome.leave(page);
        }
    }
    /// The same in light and wide, dark and narrow, and from right to left.
    async function look_all_ways(path, name, state) {
        await look(path, name, state);
        await look(path, `${name}-narrow-dark`, state, { ...narrow, dark: true });
        await look(`${path}?lang=ar`, `${name}-rtl`, state, narrow);
    }
    async function close() {
        await chrome.close();
        await server.stop();
        await rm(folder, { recursive: true, force: true });
    }
    return { chrome, at, printed, look, look_all_ways, set_clock: clock?.set, close };
}
