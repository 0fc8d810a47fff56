// npm run build: fonts, style, scripts, then manifest.json, then the gate. See web/README.md.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { bundle } from "lightningcss";
import { build } from "vite";

import { faces, fonts } from "./font.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}dist/`;
/// Where the server serves the files of dist.
const served_at = "/assets/";
/// What a first view may weigh, in bytes over the wire.
const most = { scripts: 30 * 1024, page: 45 * 1024, html: 12 * 1024 };

const islands = [
    ["palette", "islands/palette/palette.ts"],
    ["week-grid", "islands/week-grid/week-grid.ts"],
];

const hash = (bytes) => createHash("sha256").update(bytes).digest("base64url").slice(0, 10);

async function write_fonts() {
    const parts = [];
    for (const { name, range, bytes } of await fonts()) {
        const file = `${name}-${hash(bytes)}.woff2`;
        await writeFile(dist + file, bytes);
        parts.push({ url: served_at + file, range });
    }
    return parts;
}

async function write_style(parts) {
    // No targets: light-dark() stays as it is, so that data-theme needs no second list of colours.
    const { code } = bundle({ filename: `${root}style/style.css`, minify: true });
    await writeFile(`${dist}style.css`, faces(parts) + code);
}

/// Returns what each script loads at once: file -> files.
async function write_scripts() {
    const { output } = await build({
        root,
        configFile: false,
        logLevel: "warn",
        // Islands bring their looks as constructed style sheets: a <style> of theirs would be refused.
        // What an island reads from its element it reads once, by intent: so the first warning is off.
        plugins: [svelte({
            compilerOptions: { css: "external", runes: true },
            onwarn: (warning, tell) => warning.code === "state_referenced_locally" || tell(warning),
        })],
        base: "./",
        build: {
            outDir: dist,
            emptyOutDir: false,
            target: "es2022",
            modulePreload: false,
            rollupOptions: {
                input: { app: "app/app.ts", ...Object.fromEntries(islands) },
                // Modules of Svelte that nobody uses do nothing when they are read.
                treeshake: { moduleSideEffects: (id) => !/node_modules.svelte.src/.test(id) },
                // What islands share, Svelte for the most part.
                output: { entryFileNames: "[name]-[hash].js", chunkFileNames: "islands-[hash].js" },
            },
        },
    });
    return new Map(output.map(({ fileName, imports }) => [fileName, imports]));
}

/// Logical name -> file, sizes, and the hash that a Content-Security-Policy names.
async function write_manifest(imports) {
    const files = {};
    for (const file of (await readdir(dist)).sort()) {
        const bytes = await readFile(dist + file);
        const name = file.replace(/-[\w-]{8,10}(?=\.\w+$)/, "").replace(/\.js$/, "");
        files[name] = {
            file,
            bytes: bytes.length,
            gzip: gzipSync(bytes, { level: 9 }).length,
            brotli: brotliCompressSync(bytes).length,
            imports: imports.get(file), // to be announced with rel=modulepreload
            sha256: createHash("sha256").update(bytes).digest("base64"),
        };
    }
    await writeFile(`${dist}manifest.json`, `${JSON.stringify(files, null, 2)}\n`);
    return files;
}

/// Over the wire: a font is compressed already.
const weight = ({ file, bytes, brotli }) => (file.endsWith(".woff2") ? bytes : brotli);

function gate(files) {
    for (const { file, bytes, gzip, brotli } of Object.values(files)) {
        console.log(`${file.padEnd(32)} ${String(bytes).padStart(7)} ${String(gzip).padStart(7)} ${String(brotli).padStart(7)}`);
    }
    const scripts = ([name]) => {
        const of_island = [files[name], ...files[name].imports.map((file) => Object.values(files).find((one) => one.file === file))];
        return [files.app, ...of_island].reduce((sum, one) => sum + weight(one), 0);
    };
    // The palette is fetched when somebody asks for it, after the first view; it is held to the same.
    const heaviest = Math.max(...islands.map(scripts));
    const page = weight(files["style.css"]) + weight(files["atkinson.woff2"]) + most.html;
    for (const island of islands) console.log(`scripts of a page with ${island[0]}: ${scripts(island)} of ${most.scripts}`);
    console.log(`style, font and ${most.html} for HTML: ${page} of ${most.page}`);
    if (heaviest > most.scripts || page > most.page) {
        console.error("web: a first view is too heavy");
        process.exitCode = 1;
    }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await write_style(await write_fonts());
const imports = await write_scripts();
console.log(`${"file".padEnd(32)}   bytes    gzip  brotli`);
gate(await write_manifest(imports));
