// Mail arrives, and says what it should.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fill, new_house, Reader, serve, steward, steward_mail } from "./lib/house.js";
import { header, sink, until, words } from "./lib/sink.js";

const smtp = (there) => ["--mail", `smtp://localhost:${there.port}`];

test("a link to sign in really arrives, works, and is not kept", async (t) => {
    const there = await sink();
    t.after(there.stop);
    const server = await serve(new_house(t), [...smtp(there), "--demo"]);
    t.after(server.kill);
    const reader = new Reader(server);
    await reader.send("/sign-in", "/sign-in", { mail: "nour@night-garden.invalid", next: "/" });
    await until(() => there.mails.length === 1, "the mail arrives");
    const { raw, to } = there.mails[0];
    assert.equal(to, "nour@night-garden.invalid");
    assert.match(header(raw, "from"), /post@lab\.example/);
    assert.match(header(raw, "message-id"), /^<[0-9a-f-]{36}@lab\.example>$/);
    assert.equal(header(raw, "auto-submitted"), "auto-generated");
    assert.equal(header(raw, "list-unsubscribe"), undefined);
    const link = /http:\/\/localhost:\d+(\/sign-in\/[\w-]+)/.exec(words(raw))[1];
    assert.equal((await reader.send(link, link)).status, 303);

    const host = await steward(server);
    await until(async () => (await host.get("/c/night-garden/outbox")).text.includes("Sent"), "the outbox says so");
    assert.ok(!(await host.get("/c/night-garden/outbox")).text.includes("/sign-in/"));
    assert.equal(await server.stop(), 0);
});

/// A header with encoded words (RFC 2047).
function decoded(value) {
    const word = (_, kind, text) =>
        kind.toUpperCase() === "B" ? Buffer.from(text, "base64").toString() : words(`\r\n\r\n${text.replaceAll("_", " ")}`);
    return value.replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, word);
}

test("letters in any script arrive as they were written", async (t) => {
    const there = await sink();
    t.after(there.stop);
    const house = new_house(t);
    const server = await serve(house, [...smtp(there), "--demo"]);
    t.after(server.kill);
    await fill(house, "invitation", 3);
    await until(() => there.mails.length === 3, "three invitations");
    for (const { raw } of there.mails) {
        const subject = header(raw, "subject");
        assert.match(subject, /^[\x20-\x7e]*$/);
        assert.match(decoded(subject), /^Żółw \d$/);
        assert.match(header(raw, "from"), /^Night Garden </);
    }
});

test("TLS is required where the mail server is not surely this machine", async (t) => {
    const there = await sink();
    t.after(there.stop);
    const house = new_house(t);
    // "127.1" is this machine for the system, and a name like any other for us.
    const server = await serve(house, ["--mail", `smtp://127.1:${there.port}`, "--demo"]);
    t.after(server.kill);
    await fill(house, "change", 1);
    const host = await steward(server);
    await until(async () => (await host.get("/c/night-garden/mail")).text.includes("offers no TLS"), "stewards are told");
    assert.equal(there.mails.length, 0);
});

/// A certificate for 127.0.0.1 that nobody but this test trusts; null without openssl.
function certificate(folder) {
    const file = (name) => join(folder, name);
    try {
        execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", file("key.pem"), "-out", file("cert.pem")], { stdio: "pipe" });
    } catch (error) {
        if (error.code === "ENOENT") return null;
        throw error;
    }
    return { key: readFileSync(file("key.pem")), cert: readFileSync(file("cert.pem")), file: file("cert.pem") };
}

test("over STARTTLS and over TLS, with a name and a password, to a server that is trusted", async (t) => {
    const house = new_house(t);
    const own = certificate(house.folder);
    if (!own) return t.skip("no openssl");
    const onAuth = ({ username, password }, _session, done) =>
        done(username === "post@lab" && password === "secret" ? null : new Error("no"), { user: username });
    for (const [scheme, secure, place] of [["smtp", false, "127.1"], ["smtps", true, "localhost"]]) {
        const there = await sink({ key: own.key, cert: own.cert, secure, authOptional: false, onAuth });
        t.after(there.stop);
        const args = ["--mail", `${scheme}://post%40lab@${place}:${there.port}`, "--demo"];
        const password = { ALLOTMENT_MAIL_PASSWORD: "secret" };
        const trusting = await serve(house, args, { ...password, SSL_CERT_FILE: own.file });
        await fill(house, "change", 1);
        await until(() => there.mails.length === 1, `a letter over ${scheme}`);
        assert.equal(there.mails[0].secure, true);
        assert.equal(there.mails[0].by, "post@lab");
        assert.equal(await trusting.stop(), 0);

        const careful = await serve(house, args, { ...password, SSL_CERT_FILE: "" });
        t.after(careful.kill);
        await fill(house, "change", 1);
        const host = await steward(careful);
        await until(async () => (await host.get("/c/night-garden/mail")).text.includes("not to be trusted"), "stewards are told");
        assert.equal(there.mails.length, 1);
        await careful.stop();
        await there.stop();
        // The letter that waits would go to the next server.
        house.store = house.store.replace("allotment.sqlite", "second.sqlite");
    }
});

test("two refusals for good pause an address, and it is said to her and to stewards", async (t) => {
    const there = await sink();
    t.after(there.stop);
    there.before = (address) => {
        if (address === steward_mail) throw Object.assign(new Error("5.1.1 nobody here"), { responseCode: 550 });
    };
    const server = await serve(new_house(t), [...smtp(there), "--demo"]);
    t.after(server.kill);
    const host = await steward(server);
    const page = async (path) => (await host.get(`/c/night-garden${path}`)).text;
    const ask = () => new Reader(server).send("/sign-in", "/sign-in", { mail: steward_mail, next: "/" });
    const refused = async () => (await page("/outbox")).split("Refused by").length - 1;
    await ask();
    await until(async () => (await refused()) === 1, "the first refusal");
    assert.ok(!(await page("/mail")).includes("Wiesława"));
    await ask();
    await until(async () => (await page("/mail")).includes("Mail does not arrive"), "stewards are told");
    assert.ok((await page("/mail")).includes("Wiesława"));
    assert.ok(!(await page("/mail")).includes(steward_mail));
    assert.ok((await page("/settings")).includes("refused"), "she is told");
    await host.send("/c/night-garden/settings", "/c/night-garden/settings/mail/resume");
    assert.ok(!(await page("/settings")).includes("refused"));
    assert.ok(!(await page("/mail")).includes("Mail does not arrive"));
});

test("one click ends a stream, without a cookie; looking at the page ends nothing", async (t) => {
    const there = await sink();
    t.after(there.stop);
    const house = new_house(t);
    const server = await serve(house, [...smtp(there), "--demo", "--origin", "https://lab.example"]);
    t.after(server.kill);
    await fill(house, "reminder", 1);
    await until(() => there.mails.length === 1, "a reminder");
    const { raw } = there.mails[0];
    assert.equal(header(raw, "list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    const ways = header(raw, "list-unsubscribe");
    const path = /<https:\/\/lab\.example(\/mail\/end\/[\w.-]+)>/.exec(ways)[1];
    assert.match(ways, /<mailto:post@lab\.example\?subject=end%20[\w.-]+>/);
    assert.ok(!Buffer.from(path.split("/").at(-1).split(".")[0], "base64url").toString().includes("@"));

    const program = new Reader(server, "lab.example");
    const looked = await program.get(path);
    assert.equal(looked.status, 200);
    assert.equal(looked.headers["set-cookie"], undefined);
    await fill(house, "reminder", 1);
    await until(() => there.mails.length === 2, "looking changed nothing");

    const pressed = await program.ask("POST", path, { form: { "List-Unsubscribe": "One-Click" }, headers: { "sec-fetch-site": "cross-site", origin: "https://mail.example" } });
    assert.equal(pressed.status, 200);
    assert.equal(pressed.headers.location, undefined);
    await fill(house, "reminder", 1);
    await fill(house, "change", 1); // what must be known is sent
    await until(() => there.mails.length === 3, "the change");
    assert.equal(header(there.mails[2].raw, "list-unsubscribe"), undefined);

    const forged = path.slice(0, -1) + (path.endsWith("A") ? "B" : "A");
    assert.equal((await program.ask("POST", forged, { form: { "List-Unsubscribe": "One-Click" } })).status, 404);
});
