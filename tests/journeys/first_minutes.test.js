// The first minutes of a host and of a member, in a real browser against the real program.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, tab_to } from "./lib/browser.js";
import { house, shots } from "./lib/house.js";

let garden, chrome, at, state;

before(async () => {
    garden = await house();
    ({ chrome, at } = garden);
});
after(() => garden?.close());

test("a host begins a collective from an empty server", async () => {
    await garden.look("/", "empty-server");
    const page = await chrome.open(await garden.printed("begin"));
    assert.equal(await page.inputValue("#zone"), "Europe/Berlin"); // that of the machine
    assert.deepEqual(await axe(page), []);
    await page.fill("#name", "Tuesday Garden");
    await page.click("details.more summary");
    await page.fill("#about", "A few people who look at one plot a week.");
    await page.fill("#your_name", "Wiesława");
    await page.fill("#mail", "wieslawa@example.org");
    await page.screenshot({ path: `${shots}welcome.png`, fullPage: true });
    await page.keyboard.press("Enter");
    await page.waitForURL("**/c/tuesday-garden/start");
    assert.equal(await page.textContent("h1"), "Your first series");
    assert.deepEqual(await axe(page), []);
    state = await page.context().storageState();
    await page.goto(at("/c/tuesday-garden"));
    assert.equal(await page.textContent("h1"), "Tuesday Garden");
    await chrome.leave(page);
});

const pages = {
    front: "/c/tuesday-garden", people: "/c/tuesday-garden/people", settings: "/c/tuesday-garden/settings",
    hours: "/c/tuesday-garden/settings/hours", known: "/c/tuesday-garden/known", erase: "/c/tuesday-garden/erase",
    sessions: "/sessions", help: "/help", roles: "/roles",
};
for (const [name, path] of Object.entries(pages)) {
    test(`${name} is clean in light and dark, wide and narrow, both ways`, () =>
        garden.look_all_ways(path, name, state));
}

test("a person writes about herself with the keyboard alone", async () => {
    const page = await chrome.open(at("/c/tuesday-garden/settings"), { state });
    await tab_to(page, "#own_words");
    await page.keyboard.type("Curious about roots.");
    await tab_to(page, "form[action$='/settings'] button");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/settings?saved");
    assert.equal(await page.inputValue("#own_words"), "Curious about roots.");
    assert.match(await page.textContent("[role=status]"), /Saved/);
    await chrome.leave(page);
});

test("what is wrong is told on top and beside the field, and nothing typed is lost", async () => {
    const page = await chrome.open(at("/c/tuesday-garden/settings"), { state });
    await page.fill("#zone", "Moon/Base");
    await page.fill("#how_i_work", "Mostly on Sundays.");
    await page.click("form[action$='/settings'] button");
    await page.waitForSelector(".errors");
    assert.equal(await page.inputValue("#how_i_work"), "Mostly on Sundays.");
    assert.equal(await page.getAttribute("#zone", "aria-invalid"), "true");
    await page.click(".errors a");
    assert.equal(await page.evaluate(() => document.activeElement.id), "zone");
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: `${shots}settings-wrong.png`, fullPage: true });
    await chrome.leave(page);
});

test("without JavaScript a member signs in by mail and leaves again", async () => {
    const page = await chrome.open(at("/sign-in?next=/c/tuesday-garden"), { scripts: false });
    await page.fill("#mail", "wieslawa@example.org");
    await page.screenshot({ path: `${shots}sign-in.png`, fullPage: true });
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=Your link is written");
    // The steward on this machine sees what was written.
    const outbox = await chrome.open(at("/c/tuesday-garden/outbox"), { state });
    const link = /http:\S+/.exec(await outbox.textContent("main"))[0];
    await chrome.leave(outbox);
    await page.goto(link);
    await page.screenshot({ path: `${shots}sign-in-use.png`, fullPage: true });
    await page.click("main button");
    await page.waitForURL("**/c/tuesday-garden");
    await page.goto(at("/sessions"));
    assert.match(await page.textContent("main"), /This is the browser you use now/);
    await page.click("main li:has-text('This is the browser you use now') button");
    await page.waitForURL((url) => url.pathname !== "/sessions");
    await page.goto(at("/c/tuesday-garden/settings"));
    assert.match(page.url(), /sign-in\?next=/);
    await chrome.leave(page);
});

test("the palette leads to a place", async () => {
    const page = await chrome.open(at("/c/tuesday-garden"), { state });
    await page.keyboard.press("Control+k");
    await page.waitForSelector("[role=combobox]");
    await page.keyboard.type("peo");
    await page.screenshot({ path: `${shots}palette.png` });
    await page.keyboard.press("Enter");
    await page.waitForURL("**/people");
    await chrome.leave(page);
});
