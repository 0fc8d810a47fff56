// A mail server that keeps what it takes, and does what a test wants while a letter is on its way.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const { SMTPServer } = createRequire(`${root}build/mail/`)("smtp-server");

/// The value of a header, unfolded.
export function header(raw, name) {
    const head = raw.slice(0, raw.indexOf("\r\n\r\n")).replaceAll(/\r\n[ \t]+/g, " ");
    return new RegExp(`^${name}: *(.*)$`, "im").exec(head)?.[1];
}

/// The words of a letter of ours: quoted-printable UTF-8.
export function words(raw) {
    const body = raw.slice(raw.indexOf("\r\n\r\n") + 4).replaceAll("=\r\n", "");
    const bytes = body.replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, "latin1").toString("utf8");
}

/// Listens on 127.0.0.1. `mails` has {to, raw, id}, in the order in which they came. `before` and
/// `after` may be set to functions that are awaited: `before(address)` when a recipient is named,
/// `after(mail)` when a letter is whole and kept, and before it is answered. An error of theirs
/// with `responseCode` is the answer.
export async function sink({ port = 0, ...options } = {}) {
    const here = { mails: [], before: undefined, after: undefined };
    const server = new SMTPServer({
        authOptional: true,
        disabledCommands: options.key ? [] : ["STARTTLS", "AUTH"],
        disableReverseLookup: true,
        logger: false,
        closeTimeout: 200, // programs keep a connection for the next letter
        ...options,
        onRcptTo: (address, _session, done) => {
            (async () => here.before?.(address.address))().then(() => done(), done);
        },
        onData: (stream, session, done) => {
            const parts = [];
            stream.on("data", (bytes) => parts.push(bytes));
            stream.on("end", () => {
                const raw = Buffer.concat(parts).toString("latin1");
                const mail = { to: session.envelope.rcptTo[0].address, raw, id: header(raw, "message-id"), secure: session.secure, by: session.user };
                here.mails.push(mail);
                (async () => here.after?.(mail))().then(() => done(), done);
            });
        },
    });
    server.on("error", () => {}); // programs are killed in the middle of a letter
    await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
    });
    here.port = server.server.address().port;
    here.stop = () => new Promise((resolve) => server.close(resolve));
    return here;
}

/// Waits until `what()` is true; fails after `seconds`, saying `why`.
export async function until(what, why, seconds = 60) {
    const end = Date.now() + seconds * 1000;
    while (!(await what())) {
        if (Date.now() > end) throw new Error(`still not after ${seconds} s: ${why}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

/// How often each Message-ID came.
export function counted(mails) {
    const times = new Map();
    for (const { id } of mails) times.set(id, (times.get(id) ?? 0) + 1);
    return times;
}
