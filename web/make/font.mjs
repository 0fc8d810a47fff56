// The variable font, cut to the weights that the style uses. Its files come from npm in two parts:
// latin, which every page loads, and latin-ext, which a browser fetches only where a letter of it
// stands on the page.
import { readFile } from "node:fs/promises";
import subset from "subset-font";

const base = new URL("../node_modules/@fontsource-variable/atkinson-hyperlegible-next/", import.meta.url);

/// The two parts with the ranges that the package's own style sheet declares for them.
export async function fonts() {
    const css = await readFile(new URL("index.css", base), "utf8");
    const out = [];
    for (const [part, name] of [["latin", "atkinson"], ["latin-ext", "atkinson-ext"]]) {
        const file = `atkinson-hyperlegible-next-${part}-wght-normal.woff2`;
        const face = css.split("@font-face").find((one) => one.includes(`/${file}`));
        const range = /unicode-range:\s*([^;}]+)/.exec(face)[1].trim();
        const bytes = await subset(await readFile(new URL(`files/${file}`, base)), letters(range), {
            targetFormat: "woff2",
            variationAxes: { wght: { min: 400, max: 640, default: 400 } },
        });
        out.push({ name, range: range.replaceAll(/\s/g, ""), bytes });
    }
    return out;
}

/// U+0000-00FF,U+0131 -> all those letters
function letters(range) {
    const out = [];
    for (const part of range.split(",")) {
        const [from, to = from] = part.trim().replace("U+", "").split("-").map((hex) => parseInt(hex, 16));
        for (let code = from; code <= to; ++code) {
            // No half of a pair is a letter.
            if (code < 0xd800 || code > 0xdfff) out.push(String.fromCodePoint(code));
        }
    }
    return out.join("");
}

/// The rules that name the files. The fallback has the widths and heights of the font, so that
/// nothing moves when that arrives: Arial, stretched (both measured over 240 letters of our pages).
export function faces(parts) {
    const own = parts.map(({ url, range }) => `@font-face{font-family:"Atkinson Hyperlegible Next";` +
        `src:url(${url})format("woff2");font-weight:400 640;font-display:swap;unicode-range:${range}}`);
    const [size, ascent, descent] = [0.995, 0.984, 0.316];
    const percent = (n) => `${(100 * n).toFixed(1)}%`;
    return own.join("") + `@font-face{font-family:"Atkinson fallback";src:local("Arial"),` +
        `local("Liberation Sans");size-adjust:${percent(size)};ascent-override:` +
        `${percent(ascent / size)};descent-override:${percent(descent / size)};line-gap-override:0%}`;
}
