// The packages lie below build/journeys, where script/bootstrap puts them, and not beside us.
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const require = createRequire(`${root}build/journeys/`);

export const { chromium } = require("playwright-core");
export const { AxeBuilder } = require("@axe-core/playwright");
export const chromium_path = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
