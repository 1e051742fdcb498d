// The modules of web/static/embed and what stands in src -> dist/, ready to publish. `npm run serve` makes what the server hands out.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { manifest } from "./src/manifest.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "embed"), { recursive: true });
cpSync(join(here, "../../web/static/embed"), join(dist, "embed"), { recursive: true, filter: (path) => !path.endsWith("main.js") });
for (const name of readdirSync(join(here, "src"))) if (!name.endsWith(".mjs")) cpSync(join(here, "src", name), join(dist, name));
writeFileSync(join(dist, "custom-elements.json"), `${JSON.stringify(manifest, null, 2)}\n`);
