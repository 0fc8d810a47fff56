// Invitations in khal, in the calendar of somebody far from where the series meets: it shows what the
// page shows her.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Reader } from "./lib/house.js";
import { as_date, as_name, begin, days_later, garden, guest, group, series, settle, subscribe } from "./lib/invited.js";
import { khal } from "./lib/khal.js";
import { root } from "./lib/sink.js";

const from_npm = createRequire(`${root}build/mail/`);
const { simpleParser } = from_npm("mailparser");
const ICAL = from_npm("ical.js");
const zone = "Asia/Kolkata"; // London's hour changes below it twice a year

/// The calendars in her mails, in the order in which they came.
async function calendars(all) {
    const texts = [];
    for (const mail of all.to(guest)) {
        const { attachments } = await simpleParser(Buffer.from(mail.raw, "latin1"));
        texts.push(...attachments.filter((one) => one.contentType === "text/calendar").map((one) => one.content.toString("utf8")));
    }
    return texts;
}

/// What the page of the series shows to a reader there: [{begin, cancelled, instance}]
async function page_shows({ server }) {
    const reader = new Reader(server);
    assert.equal((await reader.send(`${garden}/events`, `${garden}/zone`, { zone, back: `${garden}/events` })).status, 303);
    const { next } = JSON.parse((await reader.get(series, { accept: "application/json" })).text);
    return next.map(({ path, times, cancelled }) => ({ begin: times.own, cancelled, instance: path.split("/").at(-1) }));
}
const line = (begin) => `${begin} Moth nights`;
const taking_place = (page) => page.filter((one) => !one.cancelled).map((one) => line(one.begin)).sort();
const days_of = (page) => [page[0].begin.slice(0, 10), page.at(-1).begin.slice(0, 10)];

/// A house whose series is in the calendar of a guest, and of the group.
async function invited(t) {
    const all = await begin(t);
    await subscribe(all);
    await settle(all.house, () => all.to(group).length === 1, "the calendar of the group is invited");
    return all;
}
async function moves(all, instance, days) {
    const moved = await all.host.send(`${series}/${instance}/change`, `${series}/${instance}/move`, {
        date: as_date(days_later(instance, days)), time: "18:00", minutes: "60", why: "The shed is painted",
    });
    assert.equal(moved.status, 303);
}
async function skips(all, instance) {
    assert.equal((await all.host.send(`${series}/${instance}/change`, `${series}/${instance}/skip`, { why: "" })).status, 303);
}
const told = (all, count) => settle(all.house, () => all.to(guest).length === count, "she hears of it");

/// One calendar of all that was mailed, as a server keeps it that reads invitations (RFC 5546, section
/// 3.2): of each event, and of each instance beside its series, what has the highest SEQUENCE.
function kept_by_server(texts) {
    const newest = new Map();
    const kept = new ICAL.Component("vcalendar");
    for (const text of texts) {
        const mailed = new ICAL.Component(ICAL.parse(text));
        for (const zone of mailed.getAllSubcomponents("vtimezone")) newest.set(zone.getFirstPropertyValue("tzid"), { zone });
        for (const event of mailed.getAllSubcomponents("vevent")) {
            const value = (name) => event.getFirstPropertyValue(name)?.toString();
            const name = `${value("uid")} ${value("recurrence-id")}`;
            const sequence = Number(value("sequence"));
            if (sequence >= (newest.get(name)?.sequence ?? 0)) newest.set(name, { event, sequence });
        }
    }
    for (const { zone, event } of newest.values()) kept.addSubcomponent(zone ?? event);
    return kept.toString();
}

test("a series that khal was mailed is what the page shows; a change from here on replaces it by both halves", async (t) => {
    const all = await invited(t);
    const calendar = khal(t, zone);
    const before = await page_shows(all);
    await calendar.takes((await calendars(all))[0]);
    assert.deepEqual(await calendar.shows(...days_of(before)), taking_place(before));

    const from = before[3].instance;
    const changed = await all.host.send(`${series}/${from}/change`, `${series}/${from}/rhythm`, { rhythm: "every Friday at 18:00 London time" });
    assert.equal(changed.status, 303);
    await settle(all.house, () => all.to(guest).length >= 4, "she hears of both halves");
    for (const text of (await calendars(all)).slice(1)) await calendar.takes(text);
    const after = await page_shows(all);
    assert.notDeepEqual(taking_place(after), taking_place(before));
    assert.deepEqual(await calendar.shows(...days_of(after)), taking_place(after));
});

test("moved once, and cancelled once: khal shows each mail, and all of them as a server keeps them", async (t) => {
    const all = await invited(t);
    const [, , moved, cancelled] = await page_shows(all);
    await moves(all, moved.instance, 1);
    await told(all, 3);
    await skips(all, cancelled.instance);
    await told(all, 4);
    const page = await page_shows(all);
    const texts = await calendars(all);
    assert.equal(texts.length, 3);

    const fetched = khal(t, zone);
    await fetched.fetches(kept_by_server(texts));
    const shown = await fetched.shows(...days_of(page));
    assert.deepEqual(shown.filter((one) => !one.startsWith("CANCELLED")), taking_place(page));
    assert.deepEqual(shown.filter((one) => one.startsWith("CANCELLED")), [`CANCELLED ${line(cancelled.begin)}`]);

    // One mail alone, which is about one gathering. khal keeps one file for a series, and `khal import`
    // puts what was mailed in the place of all that it had: the weeks around it are gone.
    const mailed = khal(t, zone);
    await mailed.takes(texts[0]);
    await mailed.takes(texts[1]);
    const other_time = page.find((one) => one.instance === moved.instance).begin;
    assert.deepEqual(await mailed.shows(...days_of(page)), [line(other_time)]);
    await mailed.takes(texts[2]);
    assert.deepEqual(await mailed.shows(...days_of(page)), [`CANCELLED ${line(cancelled.begin)}`]);
});

test("a series that is over is marked so in khal", async (t) => {
    const all = await invited(t);
    const page = await page_shows(all);
    const calendar = khal(t, zone);
    await calendar.takes((await calendars(all))[0]);
    assert.equal((await all.host.send(`${series}/settings`, `${series}/end`)).status, 303);
    await told(all, 3);
    await calendar.takes((await calendars(all)).at(-1));
    assert.deepEqual(await calendar.shows(...days_of(page)), page.map(({ begin }) => `CANCELLED ${line(begin)}`));
});
