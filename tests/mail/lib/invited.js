// A series on London's clock, and two who have it in their calendars: a guest, and a group's own calendar.
import assert from "node:assert/strict";
import { hurry, new_house, Reader, serve, steward } from "./house.js";
import { sink, until, words } from "./sink.js";

export const guest = "gus@example.org";
export const group = "group@calendar.example";
export const garden = "/c/night-garden";
export const series = `${garden}/series/moth-nights`;

/// A house with a series that begins, and somebody who keeps it.
export async function begin(t) {
    const there = await sink();
    t.after(there.stop);
    const house = new_house(t);
    const server = await serve(house, ["--mail", `smtp://localhost:${there.port}`, "--demo"]);
    t.after(server.kill);
    const host = await steward(server);
    const begun = await host.send(`${garden}/series/new`, `${garden}/series`, {
        title: "Moth nights", rhythm: "every Thursday at 17:00 London time", minutes: "60", where: "The shed", audience: "public",
    });
    assert.equal(begun.status, 303);
    assert.equal(begun.headers.location.split("?")[0], series);
    const set = await host.send(`${series}/settings`, `${series}/settings`, {
        title: "Moth nights", about: "", agenda: "", where: "The shed", link_for: "all", access: "", seats: "12",
        lighter: "quiet", guests: "looked_at", audience: "public", calendar_mail: group,
    });
    assert.equal(set.status, 303);
    const to = (address) => there.mails.filter((mail) => mail.to === address);
    return { there, house, server, host, to };
}

/// Somebody without an account, who wants it in her calendar and says so herself.
export async function subscribe({ server, to }) {
    const reader = new Reader(server);
    const path = `${series}/subscribe`;
    assert.equal((await reader.send(path, path, { mail: guest, zone: "Europe/London", invited: "yes" })).status, 303);
    await until(() => to(guest).length === 1, "the question whether she wants it");
    const link = /http:\/\/localhost:\d+(\/c\/night-garden\/subscribe\/\S+)/.exec(words(to(guest)[0].raw))[1];
    assert.equal((await reader.send(link, link)).status, 303);
    await until(() => to(guest).length === 2, "the invitation");
}

/// Lets all that is due happen, until `what` is there, and a while more: nothing comes twice.
export async function settle(house, what, why) {
    for (let k = 0; k < 40 && !what(); ++k) {
        await hurry(house);
        await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    assert.ok(what(), why);
    for (let k = 0; k < 3; ++k) {
        await hurry(house);
        await new Promise((resolve) => setTimeout(resolve, 3500)); // the server looks every three seconds
    }
}

/// "20270114T170000" so many days later.
export function days_later(when, days) {
    const [, y, m, d] = /^(\d{4})(\d\d)(\d\d)/.exec(when);
    const day = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d) + days));
    return day.toISOString().slice(0, 10).replaceAll("-", "") + when.slice(8);
}
export const as_name = (time) => time.replaceAll(/[-:]/g, "");
export const as_date = (when) => `${when.slice(0, 4)}-${when.slice(4, 6)}-${when.slice(6, 8)}`;
