// The real program on an empty folder, and pages of it that must be clean.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { axe, browser, sideways, too_small } from "./browser.js";
import { root } from "./packages.js";
import { start } from "./program.js";

export const shots = `${root}build/journeys/shots/`;
export const narrow = { width: 320, height: 640, touch: true };
const program = process.env.ALLOTMENT_PROGRAM ?? `${root}build/release/allotment`;

/// Starts `allotment serve` with these options beside its own, and a browser.
export async function house(options = []) {
    await mkdir(shots, { recursive: true });
    const folder = await mkdtemp(join(tmpdir(), "journey-house-"));
    const [chrome, server] = await Promise.all([browser(),
        start(program, ["serve", ...options, "--data", join(folder, "data"), "--listen", "localhost:0"])]);
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

    /// A page as `state` sees it: keeps within its width, large enough to press, clean for axe, and
    /// the browser complains of nothing. A picture stays in build/journeys/shots.
    async function look(path, name, state, mode = {}) {
        const page = await chrome.open(at(path), { state, ...mode });
        try {
            if (await page.$("week-grid")) await page.waitForSelector(".week table");
            await page.screenshot({ path: `${shots}${name}.png`, fullPage: true });
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
    return { chrome, at, printed, look, look_all_ways, close };
}
