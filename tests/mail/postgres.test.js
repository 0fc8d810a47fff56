// Two processes on one PostgreSQL.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fill, serve } from "./lib/house.js";
import { counted, sink, until } from "./lib/sink.js";

const place = process.env.ALLOTMENT_TEST_POSTGRES;

test("two processes on one database share the work and send nothing twice", { skip: !place && "no PostgreSQL" }, async (t) => {
    const name = `mail_${process.pid}`;
    const url = (database) => readFileSync(place, "utf8").trim().replace("DATABASE", database);
    const sql = (text) => execFileSync("psql", ["-q", "-d", url("postgres"), "-c", text]);
    sql(`CREATE DATABASE ${name}`);
    t.after(() => sql(`DROP DATABASE ${name} WITH (FORCE)`));
    const house = { store: url(name) };
    const there = await sink();
    t.after(there.stop);
    const args = ["--mail", `smtp://localhost:${there.port}`, "--demo"];
    const first = await serve(house, args);
    t.after(first.kill);
    const second = await serve(house, args);
    t.after(second.kill);
    await fill(house, "reminder", 400);
    await fill(house, "change", 400);
    await until(() => there.mails.length >= 800, "all of them", 120);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(there.mails.length, 800);
    assert.equal(counted(there.mails).size, 800);
    assert.equal(await first.stop(), 0);
    assert.equal(await second.stop(), 0);
});
