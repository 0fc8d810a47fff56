// Circles of the demonstration, as its steward and as a stranger have them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { house } from "./lib/house.js";

let garden, chrome, at, state;

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

const circle = "/c/night-garden/circles/plants-at-night";
const pages = {
    "demo-front": "/c/night-garden", "demo-today": "/c/night-garden/today", "demo-people": "/c/night-garden/people",
    circles: "/c/night-garden/circles", "circle-new": "/c/night-garden/circles/new", circle,
    "circle-settings": `${circle}/settings`, "circle-hosts": `${circle}/hosts`, "circle-end": `${circle}/end`,
};
for (const [name, path] of Object.entries(pages)) {
    test(`${name} is clean in light and dark, wide and narrow, both ways`, () => garden.look_all_ways(path, name, state));
}
test("a stranger reads a circle, and no names", async () => {
    await garden.look_all_ways(circle, "circle-stranger");
    const page = await chrome.open(at(circle), { scripts: false });
    const words = await page.textContent("main");
    assert.match(words, /In fifteen minutes/);
    assert.doesNotMatch(words, /Wiesława|Adaeze|at risk/);
    await chrome.leave(page);
});

test("a host welcomes somebody from Today, and then that is all", async () => {
    const page = await chrome.open(at("/c/night-garden/today"), { state });
    await page.click(".card .button");
    await page.waitForURL(`**${circle}**`);
    assert.match(await page.textContent("main"), /I can label for an hour a week/);
    await page.click(".card button:has-text('Welcome')");
    await page.waitForLoadState();
    await page.goto(at("/c/night-garden/today"));
    assert.equal(await page.locator(".card").count(), 0);
    assert.match(await page.textContent("main"), /That is all/);
    await chrome.leave(page);
});

test("a member opens a circle without asking anybody, without JavaScript", async () => {
    const page = await chrome.open(at("/c/night-garden/circles"), { state, scripts: false });
    await page.click("a:has-text('Open a circle')");
    await page.fill("[name=name]", "Moss and mist");
    await page.fill("[name=issue]", "Who has ever measured fog on moss? ".repeat(20));
    await page.fill("[name=way_quarter]", "Look at one photograph.");
    await page.click("main form button");
    assert.match(await page.textContent(".errors"), /too long/);
    assert.equal(await page.inputValue("[name=way_quarter]"), "Look at one photograph.");
    await page.fill("[name=issue]", "Who has ever measured fog on moss?");
    await page.click("main form button");
    await page.waitForURL("**/circles/moss-and-mist**");
    assert.equal(await page.textContent("h1"), "Moss and mist");
    await chrome.leave(page);
});

test("the demonstration goes in one click, and leads to a beginning", async () => {
    const page = await chrome.open(at("/c/night-garden"), { state });
    await page.click("text=Take the invented people away");
    await page.waitForURL("**/welcome/**");
    assert.equal(await page.textContent("h1"), "Begin a collective");
    await chrome.leave(page);
});
