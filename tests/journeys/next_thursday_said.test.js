// "Next Thursday": a host writes once, and page, calendar, news, mail and chat say the same. And the
// pages of such a meeting that nobody else's journey looks at.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { drawn_plot } from "./lib/plot.js";
import { club, gathering, home, weekly } from "./lib/weekly.js";

let garden, chrome, at, ada;

before(async () => {
    garden = await weekly();
    ({ chrome, at } = garden);
    const page = await garden.begins();
    await page.click("main form .button:not(.quiet)");
    await page.waitForURL(`**${club}/begun`);
    ada = await page.context().storageState();
    await chrome.leave(page);
});
after(() => garden?.close());

const thursday = gathering("20270114");
const text_of = async (path) => (await fetch(at(path))).text();

test("somebody without an account wants mail about it, and says yes from her address", async () => {
    const page = await chrome.open(at(`${club}/subscribe`), { zone: "Africa/Lagos" });
    assert.equal(await page.inputValue("#zone"), "Africa/Lagos");
    await page.fill("#mail", "ngozi@example.org");
    await page.click("form[action$='/subscribe'] button");
    await page.goto(at(await garden.mailed("ngozi@example.org", /\/c\/tuesday-garden\/subscribe\/\S+/)));
    await page.click("main form button");
    await page.waitForURL(`**${club}**`);
    assert.match(await page.textContent("main"), /You get mail when something changes/);
    await chrome.leave(page);
});

test("a host lets a chat of hers hear of it", async () => {
    const page = await chrome.open(at(`${home}/settings/hooks?kind=json`), { state: ada });
    await page.fill("#name", "Our room");
    await page.fill("#address", garden.room.url);
    await page.click("main form .button:not(.quiet)");
    await page.waitForSelector("input[value^=whsec_]");
    await chrome.leave(page);
});

test("one gathering is moved: page, calendar, news, mail and chat say the same", async () => {
    await garden.rests("2027-01-12 09:02"); // what it never knew otherwise is no news
    const host = await chrome.open(at(`${thursday}/change`), { state: ada });
    await host.fill("#date", "2027-01-15");
    await host.fill("#time", "17:30");
    await host.fill("#why", "The room is taken.");
    await host.click("form[action$='/move'] button");
    await host.waitForURL(`**${thursday}`);
    await chrome.leave(host);
    const told = () => garden.room.messages.find(({ text }) => /instead of/.test(text));
    const mailed = () => garden.mails_to("ngozi@example.org").find((body) => /was moved/.test(body));
    await garden.passes("2027-01-12 09:10", () => told() && mailed(), "a chat and a subscriber are told");

    const guest = await chrome.open(at(thursday), { zone: "Africa/Lagos" });
    assert.match(await guest.textContent("main"), /Friday,? 15 January.*18:30.*The room is taken/s);
    await chrome.leave(guest);
    assert.match(mailed(), /Friday,? 15 January.*18:30 \(Lagos\).*The room is taken/s);
    assert.ok(mailed().includes(at(thursday)));
    assert.match(told().text, /Friday, 15 January at 17:30, instead of Thursday, 14 January at 17:00.*The room is taken.*London/s);
    const calendar = await text_of(`${club}/calendar.ics`);
    assert.match(calendar, /RRULE:FREQ=WEEKLY;[^\r]*BYDAY=TH/);
    const moved = calendar.split("BEGIN:VEVENT").find((one) => /RECURRENCE-ID;TZID=Europe\/London:20270114T170000/.test(one));
    assert.match(moved, /DTSTART;TZID=Europe\/London:20270115T173000/);
    assert.match(await text_of(`${home}/events.atom`), /Journal club: Friday,? 15 January.*17:30 \(London\).*It was moved.*The room is taken/s);
    for (const said of [mailed(), JSON.stringify(told()), calendar, await text_of(`${home}/events.atom`)]) {
        assert.doesNotMatch(said, /Wies|wieslawa@|ATTENDEE/);
    }
});

test("the chat leads with one press to a plan to come, the thread and the calendar", async () => {
    const { links } = garden.room.messages.find(({ text }) => /instead of/.test(text));
    const url_of = Object.fromEntries(links.map(({ label, url }) => [label, url]));
    assert.deepEqual(url_of, {
        "How to join, and what we do": at(thursday),
        "Plan to come": at(`${thursday}#presence`),
        "Add a question": at(`${thursday}#thread`),
        "The calendar of this series": at(`${club}/calendar.ics`),
    });
    const guest = await chrome.open(url_of["Plan to come"], { scripts: false });
    await guest.click(":target button[value=plan]");
    assert.match(await guest.textContent("#presence"), /You plan to come/);
    await guest.goto(url_of["Add a question"]);
    assert.ok(await guest.locator(":target #words").isVisible());
    await chrome.leave(guest);
});

test("a host writes in the thread, with a picture", async () => {
    const page = await chrome.open(at(thursday), { state: ada });
    await page.check("input[name=kind][value=plot]");
    await page.fill("#words", "The first plot of many.");
    await page.setInputFiles("#picture", { name: "leaf.png", mimeType: "image/png", buffer: drawn_plot() });
    await page.fill("#picture_words", "A curve of leaf angle, which falls at nine.");
    await page.click("form[action$='/thread'] button");
    await page.waitForURL(`**${thursday}**`);
    await chrome.leave(page);
    const circle = await chrome.open(at(`${home}/circles/new`), { state: ada });
    await circle.fill("[name=name]", "Moss and mist");
    await circle.fill("[name=issue]", "Who has ever measured fog on moss?");
    await circle.fill("[name=way_quarter]", "Look at one photograph."); // without it, it is a draft
    await circle.click("main form button");
    await circle.waitForURL("**/circles/moss-and-mist**");
    await chrome.leave(circle);
});

const kept = {
    events: `${home}/events`, series: club,
    "gathering-picture": thursday, "gathering-prepare": `${thursday}/prepare`, "gathering-write-up": `${thursday}/after`,
    "series-begun": `${club}/begun`, "series-alive": `${club}/alive`, "series-follow": `${club}/follow`,
    "series-settings": `${club}/settings`, "series-hosts": `${club}/hosts`, "gathering-change": `${thursday}/change`,
    "series-new": `${home}/series/new`, "series-start": `${home}/start`, "series-import": `${home}/import`,
};
for (const [name, path] of Object.entries(kept)) {
    test(`${name} is clean in light and dark, wide and narrow, both ways`, () => garden.look_all_ways(path, name, ada));
}
const open = {
    events: `${home}/events`, series: club, gathering: thursday, subscribe: `${club}/subscribe`,
    letter: `${home}/circles/moss-and-mist/letter`,
};
for (const [name, path] of Object.entries(open)) {
    test(`${name} is clean for a stranger too`, () => garden.look_all_ways(path, `${name}-stranger`));
}
