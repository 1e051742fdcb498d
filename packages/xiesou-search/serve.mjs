// web/static/embed*.js -> web/static/built/: what the server hands to hosts, minified, each with a stamp of its sources.
// web/embed_script.py serves a built script only while the stamp is that of the sources beside it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const sources = join(root, "web/static");
const target = process.argv[2] ?? join(sources, "built");
const scripts = { "embed.js": "embed/main.js", "embed-modal.js": "embed/modal.js", "embed-height.js": "embed-height.js" };

mkdirSync(target, { recursive: true });
for (const [name, main] of Object.entries(scripts)) {
  const made = await build({
    absWorkingDir: root,
    entryPoints: [join(sources, main)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    write: false,
  });
  const stamp = createHash("sha256");
  const paths = Object.keys(made.metafile.inputs).map((path) => relative(sources, join(root, path)).replaceAll("\\", "/"));
  for (const path of paths.sort()) stamp.update(`${path}\0`).update(readFileSync(join(sources, path))).update("\0");
  writeFileSync(join(target, name), `/*! ${stamp.digest("hex")} */\n${made.outputFiles[0].text}`);
}
