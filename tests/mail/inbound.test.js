// What comes to the address of the server, through `allotment mail-in`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, mail_in, new_house, Reader, serve, steward, steward_mail } from "./lib/house.js";
import { header, sink, until } from "./lib/sink.js";

const smtp = (there) => ["--mail", `smtp://localhost:${there.port}`];

/// As mail servers write it (RFC 3464).
const report = (id, status = "5.1.1", action = "failed") =>
    [
        "Return-Path: <>", "From: MAILER-DAEMON@mail.example", "To: post@lab.example", "Subject: Undelivered",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="X"', "",
        "--X", "Content-Type: text/plain", "", "It did not arrive.", "",
        "--X", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mail.example", "",
        "Final-Recipient: rfc822; somebody@example.org", `Action: ${action}`, `Status: ${status}`, "",
        "--X", "Content-Type: text/rfc822-headers", "", `Message-ID: ${id}`, "", "--X--", "",
    ].join("\r\n");

test("reports of another mail server pause an address, each counted once", async (t) => {
    const there = await sink();
    t.after(there.stop);
    const house = new_house(t);
    const server = await serve(house, [...smtp(there), "--demo"]);
    t.after(server.kill);
    const host = await steward(server);
    const paused = async () => (await host.get("/c/night-garden/mail")).text.includes("Wiesława");
    const ids = [];
    for (let k = 0; k < 3; ++k) {
        await new Reader(server).send("/sign-in", "/sign-in", { mail: steward_mail, next: "/" });
        await until(() => there.mails.length === k + 1, "a mail");
        ids.push(header(there.mails[k].raw, "message-id"));
    }
    // The outbox says so once the answer of the mail server was noted.
    await until(async () => (await host.get("/c/night-garden/outbox")).text.split(">Sent ").length === 4, "all are noted");
    assert.equal((await mail_in(house, report(ids[0]))).code, 0);
    assert.equal((await mail_in(house, report(ids[0]))).code, 0);
    assert.equal((await mail_in(house, report(ids[1], "4.2.2", "delayed"))).code, 0);
    assert.equal((await mail_in(house, report("<01a3117e-8000-7000-8000-000000000000@lab.example>"))).code, 0);
    assert.equal(await paused(), false);
    assert.equal((await mail_in(house, report(ids[2]))).code, 0);
    assert.equal(await paused(), true);
    assert.match((await host.get("/c/night-garden/settings")).text, /refused mail twice/);
});

test("a mail ends a stream as the header of our mail says", async (t) => {
    const there = await sink();
    t.after(there.stop);
    const house = new_house(t);
    const server = await serve(house, [...smtp(there), "--demo"]);
    t.after(server.kill);
    await fill(house, "reminder", 1);
    await until(() => there.mails.length === 1, "a reminder");
    // Without --origin there is no address of the web to name.
    const subject = /^<mailto:post@lab\.example\?subject=([^>]*)>$/.exec(header(there.mails[0].raw, "list-unsubscribe"))[1];
    const wish = `From: r@example.org\r\nSubject: ${decodeURIComponent(subject)}\r\n\r\n`;
    assert.equal((await mail_in(house, wish)).code, 0);
    await fill(house, "reminder", 1);
    await fill(house, "change", 1);
    await until(() => there.mails.length === 2, "the change");
    assert.equal(header(there.mails[1].raw, "list-unsubscribe"), undefined);
});

test("people are told that nobody reads there, programs are not answered, and mail is not lost", async (t) => {
    const house = new_house(t);
    const person = "From: ada@example.org\r\nSubject: Hello\r\n\r\nIs somebody there?\r\n";
    // No database yet: the mail system keeps the mail.
    assert.equal((await mail_in(house, person)).code, 75);
    const server = await serve({ ...house }, ["--demo"].concat(["--mail", "smtp://localhost:1"]));
    t.after(server.kill);
    const answer = await mail_in(house, person);
    assert.equal(answer.code, 77);
    assert.match(answer.words, /^Nobody reads mail to this address\./);
    assert.equal((await mail_in(house, `Auto-Submitted: auto-replied\r\n${person}`)).code, 0);
    assert.equal((await mail_in(house, "From: e@example.org\r\nSubject: end forged.text\r\n\r\n")).code, 77);
    assert.equal((await mail_in(house, Buffer.alloc(5_000_000, "a"))).code, 77);
    assert.equal((await mail_in(house, "")).code, 77);
});
