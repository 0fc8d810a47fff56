// The gallery: every `html` block of web/style/README.md in the frame that the same file documents,
// served as our server serves pages, with the policy that refuses all that is inline.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";

import { root } from "./packages.js";

const dist = `${root}build/web/dist/`;
const kinds = { js: "text/javascript", css: "text/css", woff2: "font/woff2", json: "application/json" };

/// The frame, and the parts as { title, html }.
async function parts() {
    const text = await readFile(`${root}web/style/README.md`, "utf8");
    const out = [];
    let frame = "";
    for (const section of text.split(/^## /m).slice(1)) {
        const title = section.slice(0, section.indexOf("\n"));
        for (const [, kind, html] of section.matchAll(/^```html( frame)?\n([^]*?)^```$/gm)) {
            if (kind) frame = html;
            else out.push({ title, html });
        }
    }
    return { frame, out };
}

async function page(files, style, address) {
    const { frame, out } = await parts();
    const only = address.searchParams.get("part");
    const shown = out.filter(({ title }) => !only || title === only);
    const id = (title) => title.toLowerCase().replaceAll(" ", "-");
    const content = `<h1>${only ?? "Paper and leaf"}</h1>\n` + shown.map(({ title, html }) =>
        `<section aria-labelledby="${id(title)}"><h2 id="${id(title)}" tabindex="-1">${title}</h2>\n${html}</section>`).join("\n");
    const theme = address.searchParams.get("theme");
    return `<!doctype html>
<html lang="en" dir="${address.searchParams.get("dir") === "rtl" ? "rtl" : "ltr"}"${theme ? ` data-theme="${theme}"` : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Paper and leaf</title>
<link rel="icon" href="data:,">
<link rel="preload" href="/assets/${files["atkinson.woff2"].file}" as="font" type="font/woff2" crossorigin>
<style>${style}</style>
<script type="module" src="/assets/${files.app.file}"></script>
</head>
${frame.replace("CONTENT", content)}</html>`;
}

/// On 127.0.0.1, port of the system's choice: { url, posts, close }. `posts` are the bodies of forms.
export async function serve_gallery() {
    const files = JSON.parse(await readFile(`${dist}manifest.json`, "utf8"));
    const style = await readFile(`${dist}style.css`, "utf8");
    const posts = [];
    const policy = ["default-src 'none'", "script-src 'self'", `style-src 'self' 'sha256-${files["style.css"].sha256}'`,
        "img-src 'self' data:", "font-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"].join("; ");
    const answer = (response, type, body) => {
        const packed = type === "font/woff2" ? body : brotliCompressSync(body);
        response.writeHead(200, {
            "content-type": type,
            "content-security-policy": policy,
            ...(packed === body ? {} : { "content-encoding": "br" }),
        }).end(packed);
    };
    const server = createServer(async (request, response) => {
        const address = new URL(request.url, "http://127.0.0.1");
        const asset = /^\/assets\/([\w.-]+)$/.exec(address.pathname)?.[1];
        try {
            if (request.method === "POST") {
                let body = "";
                for await (const bytes of request) body += bytes;
                posts.push(new URLSearchParams(body));
                response.writeHead(303, { location: "/" }).end();
            } else if (asset) {
                answer(response, kinds[asset.split(".").pop()], await readFile(dist + asset));
            } else if (address.pathname.endsWith("palette.json")) {
                answer(response, "application/json", JSON.stringify([
                    { title: "Plants at night", href: "/c/tuesday/circles/plants", hint: "circle" },
                    { title: "Źródło", href: "/c/tuesday/circles/zrodlo", hint: "circle" },
                    { title: "Open a circle", href: "/c/tuesday/circles/new", hint: "to do" },
                ]));
            } else {
                answer(response, "text/html; charset=utf-8", await page(files, style, address));
            }
        } catch {
            response.writeHead(404).end();
        }
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}/`,
        posts,
        close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
    };
}
