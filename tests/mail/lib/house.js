// The program itself, with a database of its own, and somebody who reads its pages.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { until } from "./sink.js";

export const program = process.env.ALLOTMENT_PROGRAM;
const filler = process.env.ALLOTMENT_MAIL_FILLER;
const run = promisify(execFile);

/// A folder with the database of a house.
export function new_house(t) {
    const folder = mkdtempSync(join(tmpdir(), "allotment-mail-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    return { folder, store: `sqlite:${join(folder, "allotment.sqlite")}` };
}

/// Starts the server and waits until it answers. `kill()` is kill -9, `stop()` is polite. `errors()` is
/// all that it has logged, from its beginning on.
export async function serve(house, args = [], env = {}) {
    const all = ["serve", "--store", house.store, "--listen", "127.0.0.1:0", "--mail-from", "post@lab.example", ...args];
    const child = spawn(program, all, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const lines = [];
    let errors = "";
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (bytes) => (errors += bytes));
    const gone = new Promise((resolve) => child.once("close", resolve));
    const ready = new Promise((resolve, reject) => {
        child.once("close", (code) => reject(new Error(`ended with ${code}\n${errors}`)));
        createInterface({ input: child.stdout }).on("line", (line) => {
            lines.push(line);
            const found = /^ready http:\/\/[^:]+:(\d+)/.exec(line);
            if (found) resolve(Number(found[1]));
        });
    });
    const end = async (signal) => {
        child.kill(signal);
        return await gone;
    };
    return { port: await ready, lines, child, errors: () => errors, kill: () => end("SIGKILL"), stop: () => end("SIGTERM") };
}

/// Writes `count` mails of a kind to `PREFIX0@example.org` and so on, in the first collective.
export async function fill(house, kind, count, prefix = "reader") {
    await run(filler, [house.store, kind, String(count), prefix]);
}

/// Lets work that comes again be due, and what was changed be long ago.
export async function hurry(house) {
    await run(filler, [house.store, "hurry"]);
}

/// Gives a mail to `allotment mail-in`, as a mail server does: {code, words}
export function mail_in(house, text) {
    return new Promise((resolve) => {
        const child = spawn(program, ["mail-in", "--store", house.store], { stdio: ["pipe", "pipe", "ignore"] });
        let words = "";
        child.stdout.on("data", (bytes) => (words += bytes));
        child.once("close", (code) => resolve({ code, words }));
        child.stdin.on("error", () => {});
        child.stdin.end(text);
    });
}

/// A reader with cookies, as a browser has them.
export class Reader {
    constructor(server, host = "localhost") {
        this.port = server.port;
        this.host = host;
        this.cookies = new Map();
    }
    /// {status, headers, text}
    ask(method, path, { form, headers = {} } = {}) {
        const body = form && new URLSearchParams(form).toString();
        const all = { host: `${this.host}:${this.port}`, cookie: [...this.cookies].map((one) => one.join("=")).join("; "), ...headers };
        if (!all.cookie) delete all.cookie;
        if (body !== undefined) {
            all["content-type"] = "application/x-www-form-urlencoded";
            all["content-length"] = Buffer.byteLength(body);
        }
        return new Promise((resolve, reject) => {
            const asked = request({ host: "127.0.0.1", port: this.port, method, path, headers: all }, (answer) => {
                const parts = [];
                answer.on("data", (bytes) => parts.push(bytes));
                answer.on("end", () => {
                    for (const cookie of answer.headers["set-cookie"] ?? []) {
                        const [name, value] = cookie.split(";")[0].split("=");
                        this.cookies.set(name, value);
                    }
                    resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() });
                });
            });
            asked.on("error", reject);
            asked.end(body);
        });
    }
    get(path, headers) {
        return this.ask("GET", path, { headers });
    }
    /// Fills in the form of the page at `from`.
    async send(from, to, form = {}) {
        const page = await this.get(from);
        const key = /name="form_key" value="([^"]*)"/.exec(page.text)?.[1] ?? "";
        return this.ask("POST", to, { form: { ...form, form_key: key } });
    }
}

/// The steward of the invented people, signed in by the link that the server prints.
export async function steward(server) {
    const printed = () => server.lines.find((line) => line.startsWith("sign-in "));
    await until(printed, "the link is printed");
    const link = printed().replace(/^\S+ http:\/\/[^/]+/, "");
    const reader = new Reader(server);
    await reader.send(link, link);
    return reader;
}
export const steward_mail = "wieslawa@night-garden.invalid";
