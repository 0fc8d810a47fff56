// khal, a calendar on the command line, with vdirsyncer, which fetches what a server keeps.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const settings = (home, zone) => `[calendars]
[[mine]]
path = ${home}/calendar
type = calendar
[locale]
local_timezone = ${zone}
default_timezone = ${zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
[sqlite]
path = ${home}/khal.db
`;
const fetching = (home, address) => `[general]
status_path = "${home}/status"
[pair mine]
a = "theirs"
b = "ours"
collections = null
[storage theirs]
type = "http"
url = "${address}"
[storage ours]
type = "filesystem"
path = "${home}/calendar"
fileext = ".ics"
`;

/// An empty calendar of somebody in `zone`.
///   takes(text)    `khal import`, as her mail program gives it the calendar in a mail
///   fetches(text)  vdirsyncer fetches a calendar that a server keeps, here on 127.0.0.1
///   shows(from, to)  what khal lists: ["2027-01-14T22:30 Moth nights"], and "CANCELLED ..." where it
///                  says so; both days belong to it, as "2027-01-14"
export function khal(t, zone) {
    const home = mkdtempSync(join(tmpdir(), "allotment-khal-"));
    t.after(() => rmSync(home, { recursive: true, force: true }));
    mkdirSync(join(home, "calendar"));
    const file = (name, text) => (writeFileSync(join(home, name), text), join(home, name));
    const options = { env: { PATH: process.env.PATH, HOME: home, LC_ALL: "C.UTF-8" } };
    const config = file("khal.conf", settings(home, zone));

    const takes = (text) => run("khal", ["-c", config, "import", "--batch", file("mailed.ics", text)], options);
    async function fetches(text) {
        const server = createServer((_, answer) => answer.setHeader("content-type", "text/calendar").end(text));
        await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
        const found = file("vdirsyncer.conf", fetching(home, `http://127.0.0.1:${server.address().port}/mine.ics`));
        try {
            for (const step of ["discover", "sync"]) await run("vdirsyncer", ["-c", found, step], options);
        } finally {
            server.closeAllConnections();
            server.close();
        }
    }
    async function shows(from, to) {
        const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
        const form = "{cancelled}{start-long} {title}";
        const { stdout } = await run("khal", ["-c", config, "list", "--day-format", "", "--format", form, from, `${days}d`], options);
        // What goes on past midnight is listed on both days.
        return [...new Set(stdout.split("\n").map((line) => line.trim()).filter(Boolean))].sort();
    }
    return { takes, fetches, shows };
}
