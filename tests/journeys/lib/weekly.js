// A house with a mail server and a chat beside it, and a weekly meeting that a host begins there.
import { createServer } from "node:http";

import { sink, until, words } from "../../mail/lib/sink.js";
import { house } from "./house.js";

export const home = "/c/tuesday-garden";
export const club = `${home}/series/journal-club`;
export const gathering = (date) => `${club}/${date}T170000`;

/// Keeps the messages that come, as a program of somebody's own does.
async function chat() {
    const here = { messages: [] };
    const server = createServer((request, answer) => {
        let body = "";
        request.on("data", (bytes) => (body += bytes));
        request.on("end", () => {
            here.messages.push(JSON.parse(body).data);
            answer.end("ok");
        });
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    here.url = `http://127.0.0.1:${server.address().port}/in`;
    here.stop = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
    return here;
}

/// The clock of the program stands at a Tuesday; the first gathering is on Thursday, 14 January 2027.
export async function weekly() {
    const post = await sink();
    const room = await chat();
    const garden = await house(
        ["--mail", `smtp://localhost:${post.port}`, "--mail-from", "post@garden.example", "--hooks-to-private"],
        undefined, "2027-01-12 09:00:00");
    const { chrome, at } = garden;

    const mails_to = (mail) => post.mails.filter(({ to }) => to === mail).map(({ raw }) => words(raw));
    /// The path of a link that was mailed to her.
    async function mailed(mail, path) {
        const found = () => mails_to(mail).map((body) => path.exec(body)?.[0]).findLast((one) => one);
        await until(found, `a mail to ${mail} with ${path}`);
        return found();
    }

    /// From the welcome form to a meeting that has begun; tells who begins it.
    async function begins() {
        const page = await chrome.open(await garden.printed("begin"), { zone: "Europe/London" });
        await page.fill("#name", "Tuesday Garden");
        await page.fill("#your_name", "Wiesława");
        await page.fill("#mail", "wieslawa@example.org");
        await page.keyboard.press("Enter");
        await page.waitForURL(`**${home}/start`);
        await page.check("input[name=starter][value=reading_group]");
        await page.fill("#rhythm", "every Thursday at 17:00 London time");
        await page.click("details.more summary");
        await page.fill("#title", "Journal club");
        await page.fill("#minutes", "60");
        await page.fill("#where", "https://meet.example/journal");
        await page.fill("#agenda", "Arrive\nOne figure, three questions\nThree lines");
        await page.check("input[name=audience][value=public]");
        return page;
    }

    /// Somebody new comes in by a link that a host made, and signs in by what was mailed to her.
    async function comes_by(link, name, mail) {
        const page = await chrome.open(link);
        await page.click("main a.button");
        await page.fill("#mail", mail);
        await page.click("main form button");
        await page.goto(at(await mailed(mail, /\/sign-in\/[\w-]+/)));
        await page.click("main button");
        await page.goto(link);
        await page.fill("#name", name);
        await page.fill("#zone", "Europe/London");
        await page.click("main form .button:not(.quiet)");
        await page.waitForURL(`**${club}**`);
        const state = await page.context().storageState();
        await chrome.leave(page);
        return state;
    }

    /// Lets minutes pass from then on, "2027-01-20 18:00", until it is so. The program looks at what
    /// is due once a minute of its clock, and its threads go on by the real one.
    async function passes(hour, what, why) {
        const from = Date.parse(`${hour.replace(" ", "T")}:00Z`);
        for (let minute = 0; minute < 40; ++minute) {
            const now = new Date(from + minute * 60_000).toISOString();
            await garden.set_clock(now.slice(0, 19).replace("T", " "));
            for (let k = 0; k < 8; ++k) {
                if (await what()) return;
                await new Promise((later) => setTimeout(later, 200));
            }
        }
        throw new Error(`still not 40 minutes after ${hour}: ${why}`);
    }
    /// Lets a few minutes pass, so that the program has looked at all that there is.
    const rests = (hour) => {
        let looks = 0;
        return passes(hour, () => ++looks > 24, "time passes");
    };
    const close = async () => {
        await garden.close();
        await room.stop();
        await post.stop();
    };
    return { ...garden, room, mails_to, mailed, begins, comes_by, passes, rests, close };
}
