// Programs that say `ready URL` when they can be asked.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/// Starts it and waits for its line. `stop()` ends it and resolves when it is gone.
/// `lines` holds all that it printed so far, for sign-in links and the like.
export async function start(command, args = [], { env = {}, wait_ms = 20_000 } = {}) {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const lines = [];
    let errors = "";
    child.stderr.on("data", (bytes) => (errors = (errors + bytes).slice(-4000)));
    const gone = new Promise((resolve) => child.once("close", resolve));
    const stop = async () => {
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), 5000);
        await gone;
        clearTimeout(late);
    };
    const ready = new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`${command}: not ready after ${wait_ms} ms\n${errors}`)), wait_ms);
        late.unref();
        child.once("error", reject);
        child.once("close", (code) => reject(new Error(`${command}: ended with ${code} before it was ready\n${errors}`)));
        createInterface({ input: child.stdout }).on("line", (line) => {
            lines.push(line);
            const found = /^ready (\S+)/.exec(line);
            if (found) resolve(found[1]);
        });
    });
    try {
        return { url: await ready, lines, stop };
    } catch (error) {
        await stop();
        throw error;
    }
}
