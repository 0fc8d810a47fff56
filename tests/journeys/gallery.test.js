// The parts of web/style/README.md, as different readers have them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mkdir } from "node:fs/promises";

import { axe, browser, sideways, tab_to, too_small } from "./lib/browser.js";
import { serve_gallery } from "./lib/gallery.js";
import { root } from "./lib/packages.js";

const shots = `${root}build/journeys/shots/`;
let chrome, gallery;

before(async () => {
    await mkdir(shots, { recursive: true });
    [chrome, gallery] = await Promise.all([browser(), serve_gallery()]);
});
after(async () => {
    await chrome?.close();
    await gallery?.close();
});

/// Opens the gallery, or one part of it, and closes it after `look`; no complaint may be left.
async function with_page(query, mode, look) {
    const page = await chrome.open(gallery.url + query, mode);
    try {
        await look(page);
        assert.deepEqual(page.complaints, []);
    } finally {
        await chrome.leave(page);
    }
}
const week = (page) => page.waitForSelector(".week table");
/// Where a form leads; a fragment may be left of its action.
const home = (url) => url.pathname === "/" && !url.search;
const texts = async (page) => [await page.inputValue("#free"), await page.inputValue("#maybe")];

describe("every part", () => {
    const narrow = { width: 320, height: 640, touch: true };
    const readers = {
        light: [{}, ""], dark: [{ dark: true }, ""], narrow: [narrow, ""], "narrow-dark": [{ ...narrow, dark: true }, ""],
        rtl: [{}, "?dir=rtl"], "narrow-rtl": [narrow, "?dir=rtl"], forced: [{ forced: true }, ""],
        "chosen-dark": [{}, "?theme=dark"], still: [{ still: true }, ""],
    };
    for (const [name, [mode, query]] of Object.entries(readers)) {
        test(`is clean and keeps within the page: ${name}`, () => with_page(query, mode, async (page) => {
            await week(page);
            await page.screenshot({ path: `${shots}${name}.png`, fullPage: true });
            assert.equal(await sideways(page), 0);
            assert.deepEqual(await too_small(page), []);
            // With forced colours the contrast is the reader's own, and axe reads ours.
            const found = (await axe(page)).filter((one) => !mode.forced || !one.startsWith("color-contrast"));
            assert.deepEqual(found, []);
        }));
    }
    test("a chosen theme is stronger than that of the machine", () => with_page("?theme=light", { dark: true }, async (page) => {
        assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), "rgb(250, 247, 240)");
    }));
});

describe("without JavaScript", () => {
    test("the hours are sent as they stand, and hours can be added without typing them", () =>
        with_page("?part=Usual%20hours", { scripts: false, width: 320 }, async (page) => {
            gallery.posts.length = 0;
            await page.getByLabel("Tuesday").check();
            await page.locator("#from").fill("18:00");
            await page.locator("#to").fill("20:00");
            await page.getByRole("button", { name: "Save" }).click();
            await page.waitForURL(home);
            const post = gallery.posts[0];
            assert.equal(post.get("free"), "Mon 18:00-20:00\r\nWed-Thu 09:00-11:30");
            assert.equal(post.get("maybe"), "Sat 10:00-12:00");
            assert.deepEqual(["day", "from", "to", "level"].map((name) => post.get(name)), ["Tue", "18:00", "20:00", "free"]);
        }));
    test("the menu opens, closes with Escape and gives the focus back", () => with_page("", { scripts: false }, async (page) => {
        await page.getByRole("button", { name: "Menu" }).click();
        assert.ok(await page.getByRole("link", { name: "Settings" }).isVisible());
        await page.keyboard.press("Escape");
        assert.ok(!(await page.getByRole("link", { name: "Settings" }).isVisible()));
    }));
    for (const width of [320, 1280]) {
        test(`every part is clean and keeps within the page, ${width} px`, () => with_page("", { scripts: "blocked", width }, async (page) => {
            assert.ok(await page.locator(".week-more").isVisible());
            await page.screenshot({ path: `${shots}no-scripts-${width}.png`, fullPage: true });
            assert.equal(await sideways(page), 0);
            assert.deepEqual(await too_small(page), []);
            assert.deepEqual(await axe(page), []);
        }));
    }
    test("the palette's button is not shown", () => with_page("", { scripts: false }, async (page) => {
        assert.ok(!(await page.locator("[data-opens=palette]").isVisible()));
    }));
});

describe("the week", () => {
    const part = "?part=Usual%20hours";
    test("is sent as two texts and nothing else", () => with_page(part, {}, async (page) => {
        await week(page);
        gallery.posts.length = 0;
        await page.getByRole("button", { name: "Save" }).click();
        await page.waitForURL(home);
        assert.deepEqual([...gallery.posts[0].keys()], ["free", "maybe"]);
        assert.equal(gallery.posts[0].get("free"), "Mon 18:00-20:00\r\nWed-Thu 09:00-11:30");
    }));
    test("is painted by dragging, and cleared by dragging again", () => with_page(part, {}, async (page) => {
        await week(page);
        const middle = async (day, hour) => {
            const box = await page.locator(`td[data-day="${day}"][data-hour="${hour}"]`).boundingBox();
            return [box.x + box.width / 2, box.y + box.height / 2];
        };
        const drag = async (from, to) => {
            await page.mouse.move(...(await middle(...from)));
            await page.mouse.down();
            await page.mouse.move(...(await middle(...to)), { steps: 4 });
            await page.mouse.up();
        };
        await drag([1, 13], [3, 15]);
        assert.equal((await texts(page))[0], "Mon 18:00-20:00\nTue-Thu 13:00-16:00\nWed,Thu 09:00-11:30");
        assert.match(await page.locator(".week-said").textContent(), /Tuesday – Thursday, 13:00 to 16:00: free/);
        await drag([1, 13], [3, 15]);
        assert.equal((await texts(page))[0], "Mon 18:00-20:00\nWed,Thu 09:00-11:30");
        await page.locator(".week-level.maybe").click();
        await drag([6, 10], [6, 10]);
        assert.equal((await texts(page))[1], "Sat 10:00-12:00\nSun 10:00-11:00");
    }));
    test("is painted by the keyboard alone", () => with_page(part, {}, async (page) => {
        await week(page);
        await tab_to(page, "td[data-day]");
        for (const key of ["ArrowRight", "Space"]) await page.keyboard.press(key);
        await page.keyboard.down("Shift");
        for (const key of ["ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
        await page.keyboard.up("Shift");
        assert.equal((await texts(page))[0], "Mon 18:00-20:00\nTue 18:00-21:00\nWed,Thu 09:00-11:30");
        assert.match(await page.locator(".week-said").textContent(), /Tuesday, 18:00 to 21:00: free/);
        await page.keyboard.press("Home");
        await page.keyboard.press("Space");
        assert.match((await texts(page))[0], /^Mon,Tue 18:00-21:00\n/);
    }));
    test("arrows follow the eye from right to left", () => with_page(`${part}&dir=rtl`, {}, async (page) => {
        await week(page);
        await tab_to(page, "td[data-day]");
        await page.keyboard.press("ArrowLeft");
        await page.keyboard.press("Space");
        assert.match((await texts(page))[0], /Tue 18:00-19:00/);
    }));
    test("a finger taps, scrolls, and paints after a rest", () => with_page(part, { width: 320, height: 640, touch: true }, async (page) => {
        await week(page);
        await page.locator('td[data-day="4"][data-hour="9"]').tap();
        assert.match((await texts(page))[0], /Fri 09:00-10:00/);
        await page.locator('td[data-day="4"][data-hour="9"]').tap();
        assert.doesNotMatch((await texts(page))[0], /Fri/);

        await page.locator('td[data-day="4"][data-hour="11"]').evaluate((cell) => cell.scrollIntoView({ block: "center" }));
        const wire = await page.context().newCDPSession(page);
        const touch = (type, ...points) => wire.send("Input.dispatchTouchEvent", { type, touchPoints: points });
        const middle = async (hour) => {
            const box = await page.locator(`td[data-day="4"][data-hour="${hour}"]`).boundingBox();
            return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        };
        const [from, to] = [await middle(9), await middle(11)];
        await touch("touchStart", from);
        await page.waitForFunction(() => document.querySelector('td.free[data-day="4"][data-hour="9"]'));
        await touch("touchMove", { x: from.x, y: from.y + 20 });
        await touch("touchMove", to);
        await touch("touchEnd");
        assert.match((await texts(page))[0], /Fri 09:00-12:00/);
    }));
    test("what is written is drawn, and what cannot be read is named and kept", () => with_page(part, {}, async (page) => {
        await week(page);
        await page.locator("summary").click();
        await page.locator("#free").fill("Fri 9-10\nsometimes");
        assert.match(await page.locator(".week-said").textContent(), /Line 2 is not drawn: “sometimes”/);
        assert.ok(await page.locator('td.free[data-day="4"][data-hour="9"]').count());
        await page.locator('td[data-day="4"][data-hour="10"]').click();
        assert.equal((await texts(page))[0], "Fri 09:00-11:00\nsometimes");
    }));
    test("begins on the reader's first day and has the reader's hours", () => with_page(part, { locale: "en-US" }, async (page) => {
        await week(page);
        assert.equal(await page.locator(".week thead th").first().innerText().then((s) => s.slice(0, 3)), "Sun");
        assert.match(await page.locator(".week tbody th").first().textContent(), /7.AM/i);
    }));
});

describe("the menu", () => {
    for (const [name, query, mode] of [["wide", "", {}], ["narrow", "", { width: 320, height: 640 }], ["rtl", "?dir=rtl", { width: 320, height: 640, dark: true }]]) {
        test(`stands within the page and is clean: ${name}`, () => with_page(query, mode, async (page) => {
            await page.getByRole("button", { name: "Menu" }).click();
            await page.screenshot({ path: `${shots}menu-${name}.png` });
            const { x, y, width, height } = await page.locator("#menu").boundingBox();
            assert.ok(x >= 0 && y >= 0 && x + width <= (mode.width ?? 1280) && y + height <= (mode.height ?? 800));
            const button = await page.getByRole("button", { name: "Menu" }).boundingBox();
            const apart = Math.max(y - button.y - button.height, button.y - y - height);
            assert.ok(apart >= 0 && apart < 20, `${apart} px between the menu and its button`);
            assert.deepEqual(await axe(page), []);
        }));
    }
});

describe("the palette", () => {
    test("opens by its keys, finds without accents, and gives the focus back", () => with_page("", {}, async (page) => {
        await page.locator("#circle-name").focus();
        await page.keyboard.press("Control+k");
        await page.waitForSelector("dialog.palette[open]");
        await page.waitForFunction(() => document.querySelectorAll("[role=option]").length > 6);
        await page.screenshot({ path: `${shots}palette.png` });
        assert.deepEqual(await axe(page), []);
        await page.keyboard.type("zrod");
        assert.match(await page.locator("[role=option]").innerText(), /^Źródło\s+circle$/);
        await page.keyboard.type("zzz");
        assert.equal(await page.locator("[role=option]").innerText(), "Nothing here has that name");
        assert.deepEqual(await axe(page), []);
        await page.keyboard.press("Escape");
        assert.equal(await page.evaluate(() => document.activeElement.id), "circle-name");
    }));
    test("opens by its button, and leads on", () => with_page("", { width: 320, height: 640 }, async (page) => {
        await page.locator("[data-opens=palette]").click();
        await page.waitForSelector("dialog.palette[open]");
        await page.screenshot({ path: `${shots}palette-narrow.png` });
        assert.equal(await sideways(page), 0);
        await page.keyboard.press("ArrowDown");
        const chosen = await page.locator("[aria-selected=true]").innerText();
        assert.equal(chosen.trim(), "Circles");
        await page.keyboard.press("Enter");
        await page.waitForURL(/circles$/);
    }));
});

test("the first Tab shows the way to the content", () => with_page("", {}, async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
}));
