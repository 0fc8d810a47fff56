// Lets `node --test` read our TypeScript: Node 20 does not know how to leave types out.
import { register } from "node:module";
import { readFile } from "node:fs/promises";
import ts from "typescript";

export async function load(url, context, next) {
    if (!url.endsWith(".ts")) return next(url, context);
    const text = await readFile(new URL(url), "utf8");
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    return { format: "module", source: ts.transpile(text, compilerOptions), shortCircuit: true };
}

// Loaded once by --import on the main thread, and once more as the hook.
if (!process.env.ALLOTMENT_TS) {
    process.env.ALLOTMENT_TS = "1";
    register(import.meta.url);
}
