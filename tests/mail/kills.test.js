// What kill -9 leaves behind, counted by Message-ID.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fill, new_house, serve } from "./lib/house.js";
import { counted, sink, until } from "./lib/sink.js";

const smtp = (there) => ["--mail", `smtp://localhost:${there.port}`];
const lease_seconds = 20;

// "before": the mail is marked as on its way, and the server has not got it. "after": the server has
// it, and we do not know.
for (const side of ["before", "after"]) {
    test(`killed ${side} the mail server took it: appointments at least once, the others at most once`, async (t) => {
        const there = await sink();
        t.after(there.stop);
        const house = new_house(t);
        const args = [...smtp(there), "--demo"];
        for (const kind of ["change", "reminder"]) {
            const server = await serve(house, args);
            t.after(server.kill);
            let killed = false;
            there[side] = async () => {
                there[side] = undefined;
                await server.kill();
                killed = true;
            };
            await fill(house, kind, 1, kind);
            await until(() => killed, `the ${kind} is on its way`);
        }
        const again = await serve(house, args);
        t.after(again.kill);
        const of = (kind) => there.mails.filter(({ to }) => to.startsWith(kind));
        const wanted = side === "before" ? 1 : 2;
        await until(() => of("change").length === wanted, "the change is sent again", 3 * lease_seconds);
        assert.equal(new Set(of("change").map(({ id }) => id)).size, 1);
        // The reminder was due at the same time: it would have come.
        await fill(house, "reminder", 1, "last");
        await until(() => of("last").length === 1, "a later reminder");
        assert.equal(of("reminder").length, side === "before" ? 0 : 1);
        assert.equal(await again.stop(), 0);
    });
}

test("many due reminders under repeated kill -9: none twice, none lost but those under way", async (t) => {
    const all = process.env.ALLOTMENT_TEST_ALL ? 10_000 : 1_000;
    const kills = 10;
    const there = await sink();
    t.after(there.stop);
    const house = new_house(t);
    const args = [...smtp(there), "--demo"];
    let server = await serve(house, args);
    t.after(() => server.kill());
    await fill(house, "reminder", all);
    let kill = 0;
    for (; kill < kills; ++kill) {
        const goal = Math.min(all, there.mails.length + Math.ceil(all / (kills + 2)));
        await until(() => there.mails.length >= goal, `mail number ${goal}`, 120);
        await pause(Math.random() * 20);
        await server.kill();
        server = await serve(house, args);
    }
    // Those under way when a kill came may be lost; the others arrive, at the latest after a lease.
    await until(() => there.mails.length >= all - kills, "the last reminder", 300);
    await pause(2 * 1000);
    const times = counted(there.mails);
    assert.equal(Math.max(...times.values()), 1, "no reminder twice");
    const people = new Set(there.mails.map(({ to }) => to));
    assert.ok(people.size >= all - kills, `${people.size} of ${all}, ${kills} kills`);
    assert.equal(await server.stop(), 0);
    t.diagnostic(`${people.size} of ${all} arrived, ${kills} kills`);
});

test("many due changes under repeated kill -9: none lost, each under one Message-ID", async (t) => {
    const all = process.env.ALLOTMENT_TEST_ALL ? 2_000 : 300;
    const there = await sink();
    t.after(there.stop);
    const house = new_house(t);
    const args = [...smtp(there), "--demo"];
    let server = await serve(house, args);
    t.after(() => server.kill());
    await fill(house, "change", all);
    const people = () => new Set(there.mails.map(({ to }) => to)).size;
    for (let kill = 1; kill <= 5; ++kill) {
        await until(() => people() >= (all * kill) / 7, "some more", 120);
        await server.kill();
        server = await serve(house, args);
    }
    await until(() => people() === all, "all of them", 300);
    assert.equal(counted(there.mails).size, all);
    assert.equal(await server.stop(), 0);
});
