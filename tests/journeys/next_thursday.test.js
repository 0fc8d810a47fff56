// "Next Thursday": the meeting that does not die, whole, with a clock that is set.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, sideways } from "./lib/browser.js";
import { house, narrow, shots } from "./lib/house.js";

let garden, chrome, at, ada, mia;

// The clock stands at a Tuesday; the first gathering is on Thursday, 14 January 2027.
before(async () => {
    garden = await house([], undefined, "2027-01-12 09:00:00");
    ({ chrome, at } = garden);
});
after(() => garden?.close());

const club = "/c/tuesday-garden/series/journal-club";
const thursday = `${club}/20270114T170000`;

/// Signs somebody in by the link that was mailed to her, as the steward finds it on this machine.
async function sign_in(mail) {
    const asks = await chrome.open(at("/sign-in"));
    await asks.fill("#mail", mail);
    await asks.click("main form button");
    await asks.waitForURL("**/sign-in/**");
    const outbox = await chrome.open(at("/c/tuesday-garden/mail"), { state: ada });
    const words = await outbox.textContent("main");
    await chrome.leave(outbox);
    return { asks, words };
}

test("a host begins a collective and a weekly meeting, and sees real dates before", async () => {
    const page = await chrome.open(await garden.printed("begin"), { zone: "Europe/London" });
    await page.fill("#name", "Tuesday Garden");
    await page.fill("#your_name", "Wiesława");
    await page.fill("#mail", "wieslawa@example.org");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/c/tuesday-garden**");
    ada = await page.context().storageState();
    await page.goto(at("/c/tuesday-garden/series/new"));
    await page.fill("#title", "Journal club");
    await page.fill("#rhythm", "every Thursday at 17:00 London time");
    await page.fill("#where", "https://meet.example/journal");
    await page.click("button[name=preview]");
    assert.match(await page.textContent("[role=status]"), /Thursday,? 14 January/);
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: `${shots}series-preview.png`, fullPage: true });
    await page.click("main form .button:not(.quiet)");
    await page.waitForURL(`**${club}?begun`);
    assert.match(await page.textContent("main"), /every Thursday at 17:00 London time/);
    await chrome.leave(page);
});

const pages = { events: "/c/tuesday-garden/events", series: club, gathering: thursday };
const kept = {
    "series-new": "/c/tuesday-garden/series/new", "series-settings": `${club}/settings`,
    "series-hosts": `${club}/hosts`, "gathering-change": `${thursday}/change`,
};
for (const [name, path] of Object.entries({ ...pages, ...kept })) {
    test(`${name} is clean in light and dark, wide and narrow, both ways`, () => garden.look_all_ways(path, name, ada));
}
for (const [name, path] of Object.entries(pages)) {
    test(`${name} is clean for a stranger too`, () => garden.look_all_ways(path, `${name}-stranger`));
}

test("a guest without an account sees it in her own time", async () => {
    const page = await chrome.open(at(thursday), { zone: "Africa/Lagos" });
    assert.match(await page.textContent(".when"), /18:00/);
    assert.match(await page.textContent(".when"), /17:00.*London/);
    assert.doesNotMatch(await page.textContent("main"), /Wiesława|wieslawa@/);
    await chrome.leave(page);
});

test("and without JavaScript, once she has said where she is", async () => {
    const page = await chrome.open(at("/c/tuesday-garden/events"), { ...narrow, scripts: false });
    await page.fill("#zone", "Lagos");
    await page.click("form[action$='/zone'] button");
    await page.waitForURL("**/events");
    await page.goto(at(thursday));
    assert.match(await page.textContent(".when"), /18:00.*London.*17:00/s);
    assert.equal(await sideways(page), 0);
    await chrome.leave(page);
});

test("a host moves one gathering with two clicks and takes it back with one", async () => {
    const page = await chrome.open(at(thursday), { state: ada });
    await page.click("text=Change the date");
    await page.fill("#date", "2027-01-15");
    await page.fill("#move-why", "The room is taken.");
    await page.click("form[action$='/move'] button");
    await page.waitForURL(`**${thursday}`);
    assert.match(await page.textContent("main"), /Friday,? 15 January.*The room is taken/s);
    await page.click("text=As usual after all");
    await page.waitForURL(`**${thursday}`);
    assert.match(await page.textContent("main"), /Thursday,? 14 January/);
    await chrome.leave(page);
});

test("it happens again next week", async () => {
    await garden.set_clock("2027-01-15 09:00:00");
    const page = await chrome.open(at(club), { zone: "Africa/Lagos" });
    assert.match(await page.textContent("main"), /Thursday,? 21 January.*The last ones.*Thursday,? 14 January/s);
    await chrome.leave(page);
});
