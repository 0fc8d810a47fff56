// One Chromium, and pages of it as different readers have them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AxeBuilder, chromium, chromium_path } from "./packages.js";

/// How somebody looks at a page. All may be left out.
///   width, height   in pixels; 1280 by 800
///   dark, forced    colours: dark; those of the reader's own (forced-colors)
///   still           reduced motion
///   scripts: false  without JavaScript; "blocked": the scripts of the page do not come, ours run
///   touch           a finger, not a mouse
///   locale, zone    the reader's language with its region, and the time zone
///   state           cookies and storage of an earlier `context.storageState()`
export async function browser() {
    const profile = await mkdtemp(join(tmpdir(), "journey-"));
    const context_of = new Map();
    const chrome = await chromium.launch({
        executablePath: chromium_path,
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--font-render-hinting=none"],
        env: { ...process.env, HOME: profile },
    });

    /// A page in a context of its own. `page.complaints` collects what the browser complains of:
    /// errors of scripts, refusals of the policy, answers of 400 and above.
    async function open(url, mode = {}) {
        const context = await chrome.newContext({
            viewport: { width: mode.width ?? 1280, height: mode.height ?? 800 },
            colorScheme: mode.dark ? "dark" : "light",
            forcedColors: mode.forced ? "active" : "none",
            reducedMotion: mode.still ? "reduce" : "no-preference",
            javaScriptEnabled: mode.scripts !== false,
            hasTouch: mode.touch ?? false,
            locale: mode.locale ?? "en-GB",
            timezoneId: mode.zone ?? "Europe/Berlin",
            storageState: mode.state,
        });
        if (mode.scripts === "blocked") {
            await context.route("**/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
        }
        const page = await context.newPage();
        page.complaints = [];
        page.on("pageerror", (error) => page.complaints.push(String(error)));
        page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
        page.on("response", (answer) => answer.status() >= 400 && page.complaints.push(`${answer.status()} ${answer.url()}`));
        context_of.set(page, context);
        if (url) await page.goto(url, { waitUntil: "load" });
        return page;
    }
    const leave = (page) => context_of.get(page).close();
    async function close() {
        await chrome.close();
        await rm(profile, { recursive: true, force: true });
    }
    return { open, leave, close, chrome };
}

/// What axe finds, one line each; an empty list is what a test wants.
export async function axe(page, { leave_out = [] } = {}) {
    let builder = new AxeBuilder({ page });
    for (const selector of leave_out) builder = builder.exclude(selector);
    const { violations } = await builder.analyze();
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any, all, none }) =>
            `${id}: ${html.slice(0, 160)} (${[...any, ...all, ...none].map((one) => one.message).join("; ").slice(0, 300)})`));
}

/// How far the page can be scrolled sideways; 0 is what a test wants.
export const sideways = (page) => page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    return scrollWidth - clientWidth;
});

/// What can be pressed and is smaller than `least` pixels in height, but for links inside a text.
export const too_small = (page, least = 44) => page.evaluate((least) =>
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=option]")].filter((one) => {
        const box = (one.closest("label") ?? one).getBoundingClientRect();
        const in_text = one.matches("p a, .prose a, li p a, dd a, .hint a");
        return box.height > 1 && !in_text && box.height < least - 0.5;
    }).map((one) => `${Math.round((one.closest("label") ?? one).getBoundingClientRect().height)} px: ${one.outerHTML.slice(0, 100)}`), least);

/// Presses Tab until the focus is where `selector` says; tells where it went. Fails after `most`.
export async function tab_to(page, selector, most = 80) {
    const way = [];
    for (let i = 0; i < most; ++i) {
        await page.keyboard.press("Tab");
        const [here, name] = await page.evaluate((selector) => {
            const at = document.activeElement;
            return [at?.matches(selector), at?.textContent?.trim().slice(0, 40) || at?.tagName];
        }, selector);
        way.push(name);
        if (here) return way;
    }
    throw new Error(`no Tab leads to ${selector}: ${way.join(" > ")}`);
}
