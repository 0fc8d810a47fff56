// Gatherings of the demonstration: before, after and in a list, as a host, a member of nothing and a
// stranger without JavaScript have them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { sideways } from "./lib/browser.js";
import { house, narrow, shots } from "./lib/house.js";

const base = "/c/night-garden";
const series = `${base}/series/one-plot-a-week`;
let garden, chrome, at, state, ahead, behind;

before(async () => {
    garden = await house(["--demo"]);
    ({ chrome, at } = garden);
    const page = await chrome.open(await garden.printed("sign-in"));
    await page.click("main button");
    await page.waitForURL("**/today");
    state = await page.context().storageState();
    const { next, last } = await (await page.request.get(at(series), { headers: { accept: "application/json" } })).json();
    [ahead, behind] = [next[0].path, last[0].path]; // each has its day in its address
    await chrome.leave(page);
});
after(() => garden?.close());

const pages = {
    events: () => `${base}/events`, series: () => series, gathering: () => ahead, evening: () => behind,
    "gathering-change": () => `${ahead}/change`, "gathering-prepare": () => `${ahead}/prepare`,
    "turn-ask": () => `${ahead}/turns/opener/ask`, "evening-after": () => `${behind}/after`, "series-settings": () => `${series}/settings`,
};
for (const [name, path] of Object.entries(pages)) {
    test(`${name} is clean in light and dark, wide and narrow, both ways`, () => garden.look_all_ways(path(), name, state));
}
test("a gathering to come is clean for a stranger, too, also far away", async () => {
    await garden.look_all_ways(ahead, "gathering-stranger");
    await garden.look(ahead, "gathering-kolkata", undefined, { zone: "Asia/Kolkata" });
});

test("a stranger without JavaScript reads a whole evening, and no names", async () => {
    const page = await chrome.open(at(behind), { ...narrow, scripts: false });
    const words = await page.textContent("main");
    for (const part of [/Without the lamp the leaf folds/, /Temperature is measured/, /We looked at one plot/, /One leaf did not fold/, /A thermometer stands/]) {
        assert.match(words, part);
    }
    assert.doesNotMatch(words, /Wiesława|Adaeze/);
    const plot = page.locator("#thread img").first();
    assert.ok((await plot.getAttribute("alt")).length > 40);
    await plot.scrollIntoViewIfNeeded();
    for (let k = 0; k < 100 && !await plot.evaluate((one) => one.naturalWidth); ++k) await page.waitForTimeout(100);
    assert.equal(await plot.evaluate((one) => one.naturalWidth), 480);
    assert.ok(await page.locator("#thread form textarea").isVisible(), "she may add something");
    assert.equal(await sideways(page), 0);
    await page.screenshot({ path: `${shots}evening-stranger.png`, fullPage: true });
    await chrome.leave(page);
});
