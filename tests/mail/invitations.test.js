// Invitations for calendars, from the beginning of a series to its end, as programs that people have
// read them; and what calendars answer.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { mail_in, Reader } from "./lib/house.js";
import { as_date, as_name, begin, days_later, group, guest, series, settle, subscribe } from "./lib/invited.js";
import { header, root } from "./lib/sink.js";

const from_npm = createRequire(`${root}build/mail/`);
const { simpleParser } = from_npm("mailparser");
const ICAL = from_npm("ical.js");
const node_ical = from_npm("node-ical");

/// The parts of a mail as gmime reads them: [{kind, method, hash}]. tests/mail/run has looked whether
/// it is there.
function read_by_gmime(house, raw) {
    const file = join(house.folder, "one.eml");
    writeFileSync(file, raw, "latin1");
    const lines = execFileSync("/usr/bin/python3", [`${root}tests/mail/lib/read_gmime.py`, file], { encoding: "utf8" });
    return lines.trim().split("\n").map((line) => {
        const [kind, method, hash] = line.split(" ");
        return { kind, method, hash };
    });
}

/// What the calendar in a mail says, where mailparser, ical.js, node-ical and gmime agree on it.
async function calendar_in(house, mail) {
    const parsed = await simpleParser(Buffer.from(mail.raw, "latin1"));
    const parts = parsed.attachments.filter((one) => one.contentType === "text/calendar");
    assert.equal(parts.length, 1, "one calendar in the mail");
    const text = parts[0].content.toString("utf8");
    const by_gmime = read_by_gmime(house, mail.raw).filter((one) => one.kind === "text/calendar");
    const root_part = new ICAL.Component(ICAL.parse(text));
    const events = root_part.getAllSubcomponents("vevent");
    const event = events[0];
    const value = (name) => event.getFirstPropertyValue(name)?.toString();
    const said = {
        method: root_part.getFirstPropertyValue("method"),
        uid: value("uid"),
        sequence: Number(value("sequence")),
        rule: value("rrule"),
        instance: value("recurrence-id"),
        zone: event.getFirstProperty("dtstart").getParameter("tzid"),
        begin: value("dtstart"),
        status: value("status"),
        organizer: value("organizer"),
        attendees: event.getAllProperties("attendee").map((one) => one.getFirstValue()),
        asks: event.getFirstProperty("attendee").getParameter("rsvp"),
        events: events.length,
        subject: parsed.subject,
        words: parsed.text,
    };
    assert.equal(by_gmime.length, 1);
    assert.equal(by_gmime[0].method, said.method, "the part and the calendar name one method");
    assert.equal(by_gmime[0].hash, createHash("sha256").update(parts[0].content).digest("hex"));
    const by_node = Object.values(node_ical.sync.parseICS(text)).find((one) => one.type === "VEVENT");
    assert.equal(by_node.uid, said.uid);
    assert.equal(Number(by_node.sequence), said.sequence);
    const until_of = (rule) => (rule ? rule.options.until?.toISOString() : undefined);
    const ours = event.getFirstPropertyValue("rrule")?.until?.toJSDate().toISOString();
    assert.equal(until_of(by_node.rrule), ours, "node-ical reads the same last day");
    return said;
}

/// What a calendar answers, as programs write it.
const programs = {
    // No ORGANIZER.
    outlook: ({ who, uid, answer, sequence, stamp, instance }) =>
        `PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nATTENDEE;PARTSTAT=${answer}:mailto:${who}\r\nCLASS:PUBLIC\r\nDTSTAMP:${stamp}\r\nPRIORITY:5\r\nRECURRENCE-ID;TZID="Europe/London":${instance}\r\nSEQUENCE:${sequence}\r\nSUMMARY:Accepted: Moth nights\r\nTRANSP:OPAQUE\r\nUID:${uid}\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\nEND:VEVENT\r\n`,
    google: ({ who, uid, answer, sequence, stamp, instance, organizer }) =>
        `PRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nDTSTAMP:${stamp}\r\nORGANIZER;CN=Night Garden:${organizer}\r\nUID:${uid}\r\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=${answer};CN=${who};X-NUM-GUESTS=0:mailto:${who}\r\nRECURRENCE-ID;TZID=Europe/London:${instance}\r\nSEQUENCE:${sequence}\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\n`,
    apple: ({ who, uid, answer, sequence, stamp, instance, organizer }) =>
        `CALSCALE:GREGORIAN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nPRODID:-//Apple Inc.//macOS 14.2//EN\r\nBEGIN:VEVENT\r\nATTENDEE;CN="Gus";EMAIL="${who}";PARTSTAT=${answer};CUTYPE=INDIVIDUAL:mailto:${who}\r\nUID:${uid}\r\nRECURRENCE-ID;TZID=Europe/London:${instance}\r\nORGANIZER;CN="Night Garden":${organizer}\r\nSEQUENCE:${sequence}\r\nDTSTAMP:${stamp}\r\nEND:VEVENT\r\n`,
    thunderbird: ({ who, uid, answer, sequence, stamp, instance, organizer }) =>
        `PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nCREATED:20270101T000000Z\r\nDTSTAMP:${stamp}\r\nUID:${uid}\r\nORGANIZER;CN=Night Garden;PARTSTAT=ACCEPTED;ROLE=CHAIR:${organizer}\r\nATTENDEE;RSVP=TRUE;PARTSTAT=${answer};ROLE=REQ-PARTICIPANT:MAILTO:${who}\r\nRECURRENCE-ID;TZID=Europe/London:${instance}\r\nSEQUENCE:${sequence}\r\nEND:VEVENT\r\n`,
};

function reply(program, said, from = guest) {
    const [name, place] = said.organizer.replace(/^mailto:/i, "").split("@");
    return [
        `From: Gus <${from}>`, `To: ${name}@${place}`, "Subject: Accepted: Moth nights", "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="X"', "", "--X", "Content-Type: text/plain; charset=utf-8", "",
        "Gus has answered.", "--X", "Content-Type: text/calendar; charset=utf-8; method=REPLY", "Content-Transfer-Encoding: base64", "",
        Buffer.from(`BEGIN:VCALENDAR\r\n${programs[program](said)}END:VCALENDAR\r\n`).toString("base64").replaceAll(/.{76}/g, "$&\r\n"),
        "--X--", "",
    ].join("\r\n");
}

/// Words of a person, under what she answers to.
function words_to(mail, said_by, text) {
    const place = header(mail.raw, "reply-to").replace(/^.*<|>.*$/g, "");
    return [
        `From: Gus <${said_by}>`, `To: ${place}`, `Subject: Re: ${header(mail.raw, "subject")}`, "Content-Type: text/plain; charset=utf-8", "",
        text, "", "> Words of the mail.", "",
    ].join("\r\n");
}

const stamp = (seconds_ago) => new Date(Date.now() - seconds_ago * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, "");

test("a series is invited to, moved once and cancelled once, in the calendar of a guest and of the group", async (t) => {
    const all = await begin(t);
    const { house, host, server, to } = all;
    await subscribe(all);
    await settle(house, () => to(group).length === 1, "the calendar of the group is invited");
    assert.equal(to(guest).length, 2, "and she is once");

    const invited = await calendar_in(house, to(guest)[1]);
    assert.equal(invited.method, "REQUEST");
    assert.match(invited.rule, /FREQ=WEEKLY/);
    assert.equal(invited.zone, "Europe/London");
    assert.equal(invited.events, 1);
    assert.deepEqual(invited.attendees, [`mailto:${guest}`]);
    assert.match(invited.organizer, /^mailto:post\+i\.[0-9a-f]{28}@lab\.example$/);
    const groups = await calendar_in(house, to(group)[0]);
    assert.equal(groups.uid, invited.uid);
    assert.equal(groups.asks, "FALSE");
    assert.notEqual(groups.organizer, invited.organizer);
    assert.match(header(to(guest)[1].raw, "reply-to"), /post\+i\.[0-9a-f]{28}@lab\.example/);

    // Three weeks ahead, so that no night comes between.
    const original = days_later(as_name(invited.begin), 21);
    const moved_to = days_later(original, 1);
    const moved = await host.send(`${series}/${original}/change`, `${series}/${original}/move`, {
        date: as_date(moved_to), time: "18:00", minutes: "60", why: "The shed is painted",
    });
    assert.equal(moved.status, 303);
    await settle(house, () => to(guest).length === 3 && to(group).length === 2, "both calendars hear that it is moved");
    assert.equal(to(guest).length, 3);
    assert.equal(to(group).length, 2);
    for (const mail of [to(guest)[2], to(group)[1]]) {
        const said = await calendar_in(house, mail);
        assert.equal(said.method, "REQUEST");
        assert.equal(said.uid, invited.uid);
        assert.equal(said.sequence, invited.sequence + 1);
        assert.equal(as_name(said.instance), original);
        assert.equal(as_name(said.begin), `${moved_to.slice(0, 8)}T180000`);
        assert.equal(said.rule, undefined);
        assert.equal(said.events, 1);
        assert.match(said.words, /The shed is painted/);
    }

    const skipped = await host.send(`${series}/${original}/change`, `${series}/${original}/skip`, { why: "" });
    assert.equal(skipped.status, 303);
    await settle(house, () => to(guest).length === 4 && to(group).length === 3, "both hear that it is cancelled");
    assert.equal(to(guest).length, 4);
    assert.equal(to(group).length, 3);
    for (const mail of [to(guest)[3], to(group)[2]]) {
        const said = await calendar_in(house, mail);
        assert.equal(said.method, "CANCEL");
        assert.equal(said.status, "CANCELLED");
        assert.equal(said.uid, invited.uid);
        assert.equal(said.sequence, invited.sequence + 2);
        assert.equal(as_name(said.instance), original);
    }

    assert.equal((await host.send(`${series}/settings`, `${series}/end`)).status, 303);
    await settle(house, () => to(guest).length === 5 && to(group).length === 4, "both hear that it is over");
    assert.equal(to(guest).length, 5);
    const over = await calendar_in(house, to(guest)[4]);
    assert.equal(over.method, "CANCEL");
    assert.equal(over.uid, invited.uid);
    assert.equal(over.instance, undefined);
    assert.equal(await server.stop(), 0);
    for (const route of ["/c/{collective}/series/{series}/subscribe", "/c/{collective}/series/{series}/settings"]) {
        assert.ok(server.errors().includes(`"method":"POST","route":"${route}"`), `the log holds ${route}, which carried an address`);
    }
    for (const address of [guest, group]) {
        assert.ok(!server.errors().includes(address), "no address is in the log");
    }
});

test("answers of four programs change who comes; forged, old and overtaken ones do not", async (t) => {
    const all = await begin(t);
    const { house, host, to } = all;
    await subscribe(all);
    const invited = await calendar_in(house, to(guest)[1]);
    const first = days_later(as_name(invited.begin), 21);
    const taken = async (when) => {
        const page = (await host.get(`${series}/${when}`)).text;
        const found = /(\d+) of 12 seats/.exec(page);
        return found ? Number(found[1]) : 0;
    };
    const answers = async (program, said, from) => {
        const done = await mail_in(house, reply(program, { ...invited, who: guest, stamp: stamp(0), ...said }, from));
        assert.equal(done.words, "");
        assert.equal(done.code, 0);
    };
    let week = 0;
    for (const program of Object.keys(programs)) {
        const instance = days_later(first, 7 * week++);
        assert.equal(await taken(instance), 0, program);
        await answers(program, { instance, answer: "ACCEPTED", stamp: stamp(60) });
        assert.equal(await taken(instance), 1, `${program}: she comes`);
        await answers(program, { instance, answer: "DECLINED", stamp: stamp(90) });
        assert.equal(await taken(instance), 1, `${program}: an older answer that comes late`);
        await answers(program, { instance, answer: "DECLINED", stamp: stamp(30) });
        assert.equal(await taken(instance), 0, `${program}: she does not`);
    }

    const forged = { instance: first, answer: "ACCEPTED" };
    await answers("google", forged, "eve@example.org");
    await answers("google", { ...forged, who: "eve@example.org" });
    await answers("google", { ...forged, who: "eve@example.org" }, "eve@example.org");
    await answers("google", { ...forged, organizer: "mailto:post+i.0123456789abcdef0123456789ab@lab.example" });
    await answers("google", { ...forged, uid: "another@lab.example" });
    assert.equal(await taken(first), 0, "nobody speaks for her");

    // It is moved: what answers to the time before is old.
    await settle(house, () => to(group).length === 1, "the group is invited");
    const moved = await host.send(`${series}/${first}/change`, `${series}/${first}/move`, {
        date: as_date(days_later(first, 1)), time: "18:00", minutes: "60", why: "",
    });
    assert.equal(moved.status, 303);
    await settle(house, () => to(guest).length === 3, "she hears that it is moved");
    await answers("apple", { instance: first, answer: "ACCEPTED", sequence: invited.sequence });
    assert.equal(await taken(first), 0, "an answer to an older SEQUENCE");
    await answers("apple", { instance: first, answer: "ACCEPTED", sequence: invited.sequence + 1 });
    assert.equal(await taken(first), 1, "an answer to the new time");
    const other = days_later(first, 7);
    await answers("outlook", { instance: other, answer: "ACCEPTED", sequence: invited.sequence });
    assert.equal(await taken(other), 1, "the others were not moved");
});

test("other times from one gathering on: the series that was ends, and a second one begins", async (t) => {
    const all = await begin(t);
    const { house, host, to } = all;
    await subscribe(all);
    await settle(house, () => to(group).length === 1, "the calendar of the group is invited");
    const invited = await calendar_in(house, to(guest)[1]);
    const from = days_later(as_name(invited.begin), 21);
    const changed = await host.send(`${series}/${from}/change`, `${series}/${from}/rhythm`, { rhythm: "every Friday at 18:00 London time" });
    assert.equal(changed.status, 303);
    const calendars = (address) => to(address).filter((mail) => /method="?REQUEST/i.test(mail.raw));
    const before = { [guest]: 1, [group]: 1 };
    await settle(house, () => [guest, group].every((one) => calendars(one).length === before[one] + 2), "both calendars hear of both halves");
    for (const address of [guest, group]) {
        assert.equal(calendars(address).length, before[address] + 2, "each half once");
        const said = [];
        for (const mail of calendars(address).slice(before[address])) said.push(await calendar_in(house, mail));
        const ends = said.find((one) => one.uid === invited.uid);
        const begins = said.find((one) => one.uid !== invited.uid);
        assert.equal(ends.method, "REQUEST");
        assert.equal(ends.sequence, invited.sequence + 1);
        const until = /UNTIL=(\d{8}T\d{6})Z/.exec(ends.rule)[1];
        assert.ok(until > days_later(from, -14) && until < from, "it ends after the gathering before");
        assert.equal(begins.method, "REQUEST");
        assert.equal(begins.sequence, 0);
        assert.match(begins.rule, /FREQ=WEEKLY/);
        assert.doesNotMatch(begins.rule, /UNTIL/);
        assert.equal(begins.zone, "Europe/London");
        assert.match(as_name(begins.begin), /T180000$/);
        assert.ok(as_name(begins.begin) >= from.slice(0, 8), "the new times begin where the old ones end");
    }
});

test("who answers a mail about another time stands in the thread, and waits for a host", async (t) => {
    const all = await begin(t);
    const { house, host, to } = all;
    await subscribe(all);
    await settle(house, () => to(group).length === 1, "the group is invited");
    const invited = await calendar_in(house, to(guest)[1]);
    const original = days_later(as_name(invited.begin), 21);
    const moved = await host.send(`${series}/${original}/change`, `${series}/${original}/move`, {
        date: as_date(days_later(original, 1)), time: "18:00", minutes: "60", why: "",
    });
    assert.equal(moved.status, 303);
    await settle(house, () => to(guest).length === 3, "she hears that it is moved");
    const told = to(guest)[2];
    assert.match((await calendar_in(house, told)).words, /18:00/);
    const answered = await mail_in(house, words_to(told, guest, "May I bring a lamp of my own?"));
    assert.deepEqual(answered, { code: 0, words: "" });
    const forged = await mail_in(house, words_to(told, "eve@example.org", "I know better."));
    assert.equal(forged.words, "");

    const page = (await host.get(`${series}/${original}`)).text;
    assert.match(page, /May I bring a lamp of my own\?/);
    assert.doesNotMatch(page, /Words of the mail/, "not what she answers to");
    assert.doesNotMatch(page, /I know better/);
    assert.ok(!page.includes(guest), "her address is shown to nobody");
    const stranger = new Reader(all.server);
    assert.doesNotMatch((await stranger.get(`${series}/${original}`)).text, /lamp of my own/);
});
