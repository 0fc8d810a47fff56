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

/// Somebody new comes in by a link that a host made, and signs in by what was mailed to her, as the
/// steward finds it on this machine.
async function comes_by(link, name, mail) {
    const page = await chrome.open(link);
    await page.click("main a.button");
    await page.fill("#mail", mail);
    await page.click("main form button");
    await page.waitForSelector("h1");
    const outbox = await chrome.open(at("/c/tuesday-garden/outbox"), { state: ada });
    const mailed = /\/sign-in\/[\w-]+/.exec(await outbox.textContent("main"))[0];
    await chrome.leave(outbox);
    await page.goto(at(mailed));
    await page.click("main button");
    await page.goto(link);
    await page.fill("#name", name);
    await page.fill("#zone", "America/Los_Angeles");
    await page.click("main form .button:not(.quiet)");
    await page.waitForURL(`**${club}**`);
    const state = await page.context().storageState();
    await chrome.leave(page);
    return state;
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
    await page.fill("#why", "The room is taken.");
    await page.click("form[action$='/move'] button");
    await page.waitForURL(`**${thursday}`);
    assert.match(await page.textContent("main"), /Friday,? 15 January.*The room is taken/s);
    await page.click("text=As usual after all");
    await page.waitForURL(`**${thursday}`);
    assert.match(await page.textContent("main"), /Thursday,? 14 January/);
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

    const host = await chrome.open(at(thursday), { state: ada });
    await host.click("text=Show it");
    await host.waitForURL(`**${thursday}**`);
    await nobody.reload();
    assert.match(await nobody.textContent("#thread"), /Ngozi/);
    for (const page of [guest, nobody, host]) await chrome.leave(page);
});

test("a second host comes by a link, and takes a turn", async () => {
    const page = await chrome.open(at(`${club}/begun`), { state: ada });
    await page.click("text=Make a link");
    const link = await page.inputValue("#address");
    await page.goto(at(`${club}/settings`));
    await page.check("input[name=turns][value=host]");
    await page.check("input[name=turns][value=presenter]");
    await page.click("form[action$='/settings'] button");
    await page.waitForURL("**/settings?saved");
    await chrome.leave(page);
    mia = await comes_by(link, "Mia", "mia@example.org");

    const turns = await chrome.open(at(thursday), { state: mia });
    assert.doesNotMatch(await turns.textContent("main"), /One host alone/);
    await turns.click("button[aria-label='I do it: Presenter']");
    await turns.waitForURL(`**${thursday}**`);
    assert.match(await turns.textContent("main"), /This is yours/);
    await turns.screenshot({ path: `${shots}gathering-turns.png`, fullPage: true });
    assert.deepEqual(await axe(turns), []);
    await chrome.leave(turns);
});

test("the host is ill: the other one runs it, and writes three lines afterwards", async () => {
    const ill = await chrome.open(at(thursday), { state: ada });
    await ill.click("button[aria-label='I do it: Host']");
    await ill.waitForURL(`**${thursday}**`);
    await chrome.leave(ill);
    await garden.set_clock("2027-01-14 16:30:00");
    const page = await chrome.open(at(thursday), { state: mia });
    await page.click("text=Run it myself");
    await page.waitForURL(`**${thursday}**`);
    await garden.set_clock("2027-01-14 18:30:00");
    await page.goto(at(`${thursday}/after`));
    await page.fill("#learned", "Leaves close by the clock, not by the light.\nWe need one more night.\nMoss is slow.");
    await page.fill("#decided", "Ngozi brings a plot.");
    await page.click("form[action$='/after'] .button:not(.quiet)");
    await page.waitForURL(`**${thursday}**`);
    assert.match(await page.textContent("main"), /Leaves close by the clock/);
    await page.screenshot({ path: `${shots}gathering-after.png`, fullPage: true });
    await chrome.leave(page);
});

test("it happens again next week", async () => {
    await garden.set_clock("2027-01-15 09:00:00");
    const page = await chrome.open(at(club), { zone: "Africa/Lagos" });
    assert.match(await page.textContent("main"), /Thursday,? 21 January.*You have not missed everything.*Leaves close by the clock/s);
    await page.screenshot({ path: `${shots}series-next-week.png`, fullPage: true });
    await chrome.leave(page);
});

test("nobody is there to present: it becomes lighter a day before, and is not cancelled", async () => {
    const next = `${club}/20270121T170000`;
    // The sweep looks once a minute of the program's clock; each hour that passes is one look more.
    let words = "";
    for (let minute = 0; minute < 40 && !/Nothing has to be prepared/.test(words); ++minute) {
        await garden.set_clock(`2027-01-20 18:${String(minute + 10)}:00`);
        await new Promise((later) => setTimeout(later, 1500));
        const page = await chrome.open(at(next));
        words = await page.textContent("main");
        await chrome.leave(page);
    }
    assert.match(words, /Nothing has to be prepared/);
    assert.doesNotMatch(words, /does not take place/);
});

test("calendars and news say the same", async () => {
    const calendar = await (await fetch(at(`${club}/calendar.ics`))).text();
    assert.match(calendar, /DTSTART;TZID=Europe\/London:20270114T170000/);
    assert.match(calendar, /RRULE:FREQ=WEEKLY;[^\r]*BYDAY=TH/);
    assert.doesNotMatch(calendar, /Wies|mia@|ATTENDEE/);
    const news = await (await fetch(at("/c/tuesday-garden/events.atom"))).text();
    assert.match(news, /Journal club/);
    assert.doesNotMatch(news, /Mia|wieslawa@/);
});
