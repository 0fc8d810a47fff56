// What stewards do beside their circles: look whether all is well, and pass practices on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { house } from "./lib/house.js";

let garden, chrome, at, state;
const home = "/c/night-garden";

before(async () => {
    garden = await house(["--demo"]);
    ({ chrome, at } = garden);
    const page = await chrome.open(await garden.printed("sign-in"));
    await page.click("main button");
    await page.waitForURL("**/today");
    state = await page.context().storageState();
    await chrome.leave(page);
});
after(() => garden?.close());

for (const [name, path] of Object.entries({ well: `${home}/well`, starter: `${home}/starter` })) {
    test(`${name} is clean in light and dark, wide and narrow, both ways`, () => garden.look_all_ways(path, name, state));
}

test("a steward finds from the menu what should be done, and each line says how", async () => {
    const page = await chrome.open(at(`${home}/today`), { state, scripts: false });
    await page.click("button[popovertarget=menu]");
    await page.click("#menu a:has-text('Is everything well?')");
    const main = page.locator("main");
    assert.match(await main.textContent(), /To be done soon/);
    assert.match(await main.textContent(), /there is none yet.*allotment backup/s);
    assert.match(await main.textContent(), /only one person could restore.*the second/s);
    await chrome.leave(page);
});

test("a steward plants a file without JavaScript; what is wrong with one is said in its place", async () => {
    const page = await chrome.open(at(`${home}/starter`), { state, scripts: false });
    const plant = async (text) => {
        await page.setInputFiles("#starter", { name: "a.json", mimeType: "application/json", buffer: Buffer.from(text) });
        await page.click("main form button");
    };
    await plant('{"allotment_starter": 1,\n oops}');
    assert.match(await page.textContent(".errors"), /line 2, column 2/);
    await plant(JSON.stringify({
        allotment_starter: 1,
        circles: [{ name: "Ferns in shade", issue: "Which light do they need?", ways: { evening: "Water them" } }],
        rounds: [],
    }));
    assert.match(await page.textContent(".notice"), /It is planted.*rounds: this program does not know it/s);
    await page.goto(at(`${home}/circles/ferns-in-shade/hosts`));
    await page.click("main form button");
    await page.waitForURL("**/circles/ferns-in-shade");
    await chrome.leave(page);
});
