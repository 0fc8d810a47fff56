// "Next Thursday": the meeting that does not die, whole, with a clock that is set.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, sideways, tab_to } from "./lib/browser.js";
import { narrow, shots } from "./lib/house.js";
import { drawn_plot } from "./lib/plot.js";
import { club, gathering, home, weekly } from "./lib/weekly.js";

let garden, chrome, at, ada, mia, kim;

before(async () => {
    garden = await weekly();
    ({ chrome, at } = garden);
});
after(() => garden?.close());

const thursday = gathering("20270114");
const next = gathering("20270121");

/// What `state` reads there.
async function read(path, state, mode = {}) {
    const page = await chrome.open(at(path), { state, ...mode });
    const words = await page.textContent("main");
    await chrome.leave(page);
    return words;
}

/// Presses one thing on a page of a gathering, and waits until it is there again.
async function press(path, state, selector) {
    const page = await chrome.open(at(path), { state });
    await page.click(selector);
    await page.waitForURL(`**${path}**`);
    const words = await page.textContent("main");
    await chrome.leave(page);
    return words;
}
const turn = (what, kind = "Presenter") => `button[aria-label='${what}: ${kind}']`;

test("a host begins a collective and a weekly meeting, and sees real dates before", async () => {
    const page = await garden.begins();
    assert.deepEqual(await axe(page), []);
    await page.click("button[name=preview]");
    assert.match(await page.textContent("[role=status]"), /Thursday,? 14 January/);
    assert.equal(await page.inputValue("#title"), "Journal club");
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: `${shots}series-preview.png`, fullPage: true });
    await page.click("main form .button:not(.quiet)");
    await page.waitForURL(`**${club}/begun`);
    assert.match(await page.inputValue("#invitation"), /every Thursday at 17:00.*You need no account/s);
    ada = await page.context().storageState();
    await chrome.leave(page);
});

test("two friends come by links, and each of the three takes a turn", async () => {
    const come = async (name, mail) => {
        const page = await chrome.open(at(`${club}/hosts`), { state: ada });
        await page.click("text=Make a link");
        const link = await page.inputValue("#address");
        await chrome.leave(page);
        return garden.comes_by(link, name, mail);
    };
    mia = await come("Mia", "mia@example.org");
    kim = await come("Kim", "kim@example.org");
    assert.doesNotMatch(await read(thursday, ada), /One host alone/);

    assert.match(await press(thursday, ada, turn("I do it", "Host")), /This is yours/);
    await press(thursday, mia, turn("I do it"));
    await press(next, kim, turn("I do it"));
    await press(next, ada, turn("Stand by"));
    const turns = await chrome.open(at(thursday), { state: mia });
    await turns.screenshot({ path: `${shots}gathering-turns.png`, fullPage: true });
    assert.deepEqual(await axe(turns), []);
    await chrome.leave(turns);

    const ask = await chrome.open(at(next), { state: ada, ...narrow });
    await ask.click("a[aria-label='Ask somebody: Host']");
    await ask.waitForURL(`**${next}/turns/host/ask`);
    assert.deepEqual(await ask.locator("#person option").allTextContents(), ["Choose one.", "Kim", "Mia"]);
    assert.deepEqual([await axe(ask), await sideways(ask), ask.complaints], [[], 0, []]);
    await ask.click("text=Not now");
    await ask.waitForURL(`**${next}#turns`);
    await chrome.leave(ask);
});

test("who presents swaps with the other friend, who is asked by mail", async () => {
    const page = await chrome.open(at(thursday), { state: mia });
    await page.selectOption("#swap-presenter", { index: 0 });
    await page.click("button[value=ask_to_swap]");
    await page.waitForURL(`**${thursday}**`);
    assert.match(await page.textContent("main"), /You asked to swap with/);
    await chrome.leave(page);
    const asked = await garden.mailed("kim@example.org", /\/c\/tuesday-garden\/series\/\S+/);
    assert.equal(asked, next);
    assert.match(await read(asked, kim), /Mia asks to swap.*14 January/s);
    await press(asked, kim, "button[value=swap_yes]");
    assert.match(await read(thursday, kim), /This is yours/);
    assert.match(await read(next, mia), /This is yours/);
});

test("a guest without an account sees it in her own time", async () => {
    const page = await chrome.open(at(thursday), { zone: "Africa/Lagos" });
    assert.match(await page.textContent(".when"), /18:00/);
    assert.match(await page.textContent(".when"), /17:00.*London/);
    assert.doesNotMatch(await page.textContent("main"), /Wiesława|wieslawa@/);
    await chrome.leave(page);
    const there = await chrome.open(at(thursday), { zone: "Europe/London" });
    assert.equal(await there.textContent(".when"), "Thursday 14 January, 17:00–18:00"); // said once
    await chrome.leave(there);
});

test("and without JavaScript, once she has said where she is", async () => {
    const page = await chrome.open(at(`${home}/events`), { ...narrow, scripts: false });
    await page.fill("#zone", "Lagos");
    await page.click("form[action$='/zone'] button");
    await page.waitForURL("**/events");
    await page.goto(at(thursday));
    assert.match(await page.textContent(".when"), /18:00.*London.*17:00/s);
    assert.equal(await sideways(page), 0);
    await chrome.leave(page);
});

test("a guest without an account and without JavaScript adds a question, and a host shows it", async () => {
    const guest = await chrome.open(at(thursday), { ...narrow, scripts: false });
    await guest.click("button[value=plan]");
    assert.equal(await sideways(guest), 0);
    await guest.fill("#words", "Does the leaf close before it is dark?");
    await guest.fill("#name", "Ngozi");
    await guest.click("form[action$='/thread'] button");
    await guest.waitForURL(`**${thursday}**`);
    assert.match(await guest.textContent("#thread"), /Does the leaf close.*waits for a host|waits for a host.*Does the leaf close/s);
    await guest.screenshot({ path: `${shots}gathering-guest.png`, fullPage: true });
    const nobody = await chrome.open(at(thursday));
    assert.doesNotMatch(await nobody.textContent("main"), /Does the leaf close/);

    await press(thursday, ada, "text=Show it");
    await nobody.reload();
    assert.match(await nobody.textContent("#thread"), /Ngozi/);
    for (const page of [guest, nobody]) await chrome.leave(page);
});

test("another one, with JavaScript, adds an idea by Tab and Enter alone", async () => {
    const guest = await chrome.open(at(thursday), { zone: "Africa/Lagos" });
    await tab_to(guest, "input[name=kind]");
    await guest.keyboard.press("ArrowDown");
    await tab_to(guest, "#words");
    await guest.keyboard.type("Try it under a red lamp.");
    await tab_to(guest, "#name");
    await guest.keyboard.type("Ife");
    await tab_to(guest, "form[action$='/thread'] button");
    await guest.keyboard.press("Enter");
    await guest.waitForURL(`**${thursday}?waits**`);
    assert.match(await guest.textContent("#thread"), /An idea · Ife.*waits for a host.*red lamp/s);
    assert.deepEqual(guest.complaints, []);
    await chrome.leave(guest);
});

test("a guest draws a plot and says what it shows; a host shows it", async () => {
    const guest = await chrome.open(at(thursday), { zone: "Africa/Lagos" });
    await guest.check("input[name=kind][value=plot]");
    await guest.fill("#words", "Drawn from last night.");
    await guest.setInputFiles("#picture", { name: "leaf.png", mimeType: "image/png", buffer: drawn_plot() });
    await guest.fill("#name", "Ngozi");
    await guest.click("form[action$='/thread'] button");
    await guest.waitForSelector(".errors"); // those who cannot see it would be told nothing
    assert.match(await guest.textContent(".errors"), /Say in words what the picture shows/);
    assert.deepEqual(await axe(guest), []);
    await guest.setInputFiles("#picture", { name: "leaf.png", mimeType: "image/png", buffer: drawn_plot() });
    await guest.fill("#picture_words", "A curve of leaf angle, which falls at nine.");
    await guest.click("form[action$='/thread'] button");
    await guest.waitForURL(`**${thursday}?waits**`);
    await chrome.leave(guest);

    await press(thursday, ada, "li:has(img) >> text=Show it");
    const nobody = await chrome.open(at(thursday));
    const picture = nobody.locator("#thread img");
    assert.equal(await picture.getAttribute("alt"), "A curve of leaf angle, which falls at nine.");
    await picture.scrollIntoViewIfNeeded();
    await nobody.waitForFunction(() => document.querySelector("#thread img").naturalWidth === 64);
    await chrome.leave(nobody);
});

test("a host moves one gathering with two clicks and takes it back with one", async () => {
    const page = await chrome.open(at(thursday), { state: ada });
    await page.click("text=Change the date");
    await page.fill("#date", "2027-01-15");
    await page.fill("#why", "The room is taken.");
    await page.click("form[action$='/move'] button");
    await page.waitForURL(`**${thursday}`);
    assert.match(await page.textContent("main"), /Friday,? 15 January.*The room is taken/s);
    await page.click("text=As usual after all");
    await page.waitForURL(`**${thursday}`);
    assert.match(await page.textContent("main"), /Thursday,? 14 January/);
    await chrome.leave(page);
});

test("the host is ill and says nothing: another one runs it; three lines and one first plot remain", async () => {
    await garden.set_clock("2027-01-14 16:30:00");
    await press(thursday, mia, "li:has-text('Host') >> text=Run it myself");
    await garden.set_clock("2027-01-14 18:30:00");
    const page = await chrome.open(at(`${thursday}/after`), { state: mia });
    await page.fill("#learned", "Leaves close by the clock, not by the light.\nWe need one more night.\nMoss is slow.");
    await page.fill("#decided", "Ngozi draws one more.");
    await page.selectOption("#first_plot", { index: 1 });
    await page.click("form[action$='/after'] .button:not(.quiet)");
    await page.waitForURL(`**${thursday}**`);
    assert.match(await page.textContent("main"), /Leaves close by the clock.*The first plot/s);
    assert.ok(await page.locator("figure img[alt^='A curve of leaf angle']").count() >= 1);
    await page.screenshot({ path: `${shots}gathering-after.png`, fullPage: true });
    await chrome.leave(page);
});

test("it happens again next week", async () => {
    await garden.set_clock("2027-01-15 09:00:00");
    const page = await chrome.open(at(club), { zone: "Africa/Lagos" });
    assert.match(await page.textContent("main"), /Thursday,? 21 January.*You have not missed everything.*Leaves close by the clock/s);
    assert.equal(await page.locator("img[alt^='A curve of leaf angle']").count(), 1);
    await page.screenshot({ path: `${shots}series-next-week.png`, fullPage: true });
    await chrome.leave(page);
});

test("who presents does not say that she is there: who stands by is asked, then it is lighter", async () => {
    const question = () => garden.mails_to("wieslawa@example.org").some((body) => /You stand by for this turn: Presenter/.test(body));
    await garden.passes("2027-01-19 17:30", question, "who stands by is asked by mail");
    assert.doesNotMatch(await read(next), /Nothing has to be prepared/);
    const link = await garden.mailed("wieslawa@example.org", /\/c\/tuesday-garden\/turn\/\S+/);
    const page = await chrome.open(at(link), { scripts: false });
    assert.match(await page.textContent("main"), /You stand by, and somebody is needed/);
    assert.deepEqual(await page.locator("main button").allTextContents(), ["Yes, I come in", "Not now"]);
    await chrome.leave(page);

    const lighter = async () => /Nothing has to be prepared/.test(await read(next));
    await garden.passes("2027-01-20 18:10", lighter, "nobody is sure to present");
    assert.doesNotMatch(await read(next), /does not take place/);
});
