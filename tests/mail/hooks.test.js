// Hooks of the program as it runs: what a program elsewhere gets, and what is left where we are killed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { new_house, serve, steward } from "./lib/house.js";
import { root, sink, until } from "./lib/sink.js";

const home = "/c/night-garden/settings/hooks";

function folder(t) {
    const path = mkdtempSync(join(tmpdir(), "allotment-hooks-"));
    t.after(() => rmSync(path, { recursive: true, force: true }));
    return path;
}

/// Keeps what comes; `before` is awaited before it answers.
async function receiver(t, tls) {
    const here = { came: [], before: undefined };
    const take = (request, answer) => {
        const parts = [];
        request.on("data", (bytes) => parts.push(bytes));
        request.on("end", async () => {
            here.came.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(parts).toString() });
            await here.before?.();
            answer.end("ok");
        });
    };
    const server = tls ? createTlsServer(tls, take) : createServer(take);
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    here.url = `${tls ? "https" : "http"}://127.0.0.1:${server.address().port}`;
    return here;
}

async function begin(t, args = ["--hooks-to-private"], env = {}) {
    const there = await sink(); // the house of these tests has mail
    t.after(there.stop);
    const house = new_house(t);
    const start = async () => {
        const server = await serve(house, ["--mail", `smtp://localhost:${there.port}`, "--demo", ...args], env);
        t.after(server.kill);
        return server;
    };
    return { server: await start(), start };
}

async function add(host, form) {
    const added = await host.send(`${home}?kind=${form.kind}`, home, form);
    const page = added.headers.location ?? new RegExp(`${home}/[0-9a-f-]{36}`).exec(added.text)[0];
    return { page, key: /value="(whsec_[^"]+)"/.exec(added.text)?.[1] };
}

/// The function that docs/hooks.md gives to whoever writes such a program.
async function documented(t) {
    const code = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, "docs/hooks.md"), "utf8"))[1];
    const file = join(folder(t), "ours.mjs");
    writeFileSync(file, `${code}\nexport {isOurs};\n`);
    return (await import(file)).isOurs;
}

test("a program gets signed JSON, and checks it as the documentation says", async (t) => {
    const there = await receiver(t);
    const { server } = await begin(t);
    const host = await steward(server);
    const { page, key } = await add(host, { kind: "json", name: "Ours", address: `${there.url}/in` });
    await host.send(page, page, { do: "test" });
    await until(async () => (await host.get(page)).text.includes("arrived"), "the page says that it arrived");
    assert.equal(there.came.length, 1);
    const { headers, body } = there.came[0];
    const isOurs = await documented(t);
    assert.ok(isOurs(key, headers, body));
    assert.ok(!isOurs(key, headers, `${body} `));
    assert.ok(!isOurs(key, { ...headers, "webhook-id": "another" }, body));
    assert.ok(!isOurs(key, { ...headers, "webhook-timestamp": "1" }, body));
    assert.equal(JSON.parse(body).type, "announcement");
    assert.equal(await server.stop(), 0);
    // The request that brought its address is in the log, and the address is not.
    assert.match(server.errors(), /"method":"POST","route":"\/c\/\{collective\}\/settings\/hooks"/);
    assert.ok(!server.errors().includes(there.url));
    assert.ok(!server.errors().includes(key));
});

for (const [kind, again] of [["json", true], ["slack", false]]) {
    test(`killed after ${kind} has it and before we know: ${again ? "again under its id" : "not again"}`, async (t) => {
        const there = await receiver(t);
        const { server, start } = await begin(t);
        const host = await steward(server);
        const { page } = await add(host, { kind, name: "There", address: `${there.url}/` });
        let killed = false;
        there.before = async () => {
            there.before = undefined;
            await server.kill();
            killed = true;
        };
        await host.send(page, page, { do: "test" }).catch(() => {});
        await until(() => killed, "it is on its way");
        const next = await start();
        const reader = await steward(next);
        const words = again ? ">arrived<" : "perhaps arrived";
        await until(async () => (await reader.get(page)).text.includes(words), "the page says what became of it");
        assert.equal(there.came.length, again ? 2 : 1);
        assert.equal(new Set(there.came.map(({ headers }) => headers["webhook-id"])).size, 1);
        assert.equal(await next.stop(), 0);
    });
}

test("without --hooks-to-private nothing goes inside, and with TLS only to whom somebody vouches for", async (t) => {
    const path = folder(t);
    const [key, cert] = [join(path, "key"), join(path, "cert")];
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
        "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", cert], { stdio: "ignore" });
    const there = await receiver(t, { key: readFileSync(key), cert: readFileSync(cert) });
    const named = there.url.replace("127.0.0.1", "localhost");
    for (const [args, env, words] of [
        [[], { SSL_CERT_FILE: cert }, "leads into a private network"],
        [["--hooks-to-private"], {}, "did not arrive"],
        [["--hooks-to-private"], { SSL_CERT_FILE: cert }, ">arrived<"],
    ]) {
        const { server } = await begin(t, args, env);
        const host = await steward(server);
        const { page } = await add(host, { kind: "slack", name: "There", address: `${named}/` });
        await host.send(page, page, { do: "test" });
        await until(async () => (await host.get(page)).text.includes(words), words);
        await server.stop();
    }
    assert.equal(there.came.length, 1);
});
