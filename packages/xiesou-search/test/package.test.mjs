// What is published: its manifest says what the code does, it loads where there is no DOM, and React and Vue render it there.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const manifest = JSON.parse(readFileSync(join(dist, "custom-elements.json"), "utf8"));
const [element] = manifest.modules[0].declarations;
const modules = readdirSync(join(dist, "embed")).filter((name) => name !== "modal.js");
const source = modules.map((name) => readFileSync(join(dist, "embed", name), "utf8")).join("\n");
const names = (list) => list.map((one) => one.name).sort();

test("the manifest has every attribute and no other", async () => {
  const { OPTIONS } = await import("../dist/embed/element.js");
  assert.deepEqual(names(element.attributes), [...OPTIONS].sort());
});

test("the manifest has every event, slot and colour", () => {
  const emitted = [...source.matchAll(/emit\("(\w+)"/g)].map(([, name]) => `xiesou-${name}`);
  assert.deepEqual(names(element.events), [...new Set(emitted)].sort());
  const slots = [...source.matchAll(/make\("slot", \{ name: "(\w+)"|template\[slot=(\w+)\]/g)].map(([, a, b]) => a ?? b);
  assert.deepEqual(names(element.slots), [...new Set(slots)].sort());
  const colours = new Set([...source.matchAll(/var\((--xiesou-[\w-]+)/g)].map(([, name]) => name));
  assert.deepEqual(names(element.cssProperties), [...colours].sort());
});

test("the manifest has the parts that are made", () => {
  const classes = [...source.matchAll(/class: "([\w ]+)"|(?:button|link)\("(\w+)"/g)].flatMap(([, a, b]) => (a ?? b).split(" "));
  const described = new Set(names(element.cssParts));
  for (const name of described) assert.ok(classes.includes(name), name);
});

test("types say the same as the manifest", () => {
  const types = readFileSync(join(dist, "index.d.ts"), "utf8");
  for (const { fieldName } of element.attributes) if (fieldName !== "lang") assert.match(types, new RegExp(`\\b${fieldName}: `));
  for (const { name } of element.events) assert.ok(types.includes(`"${name}": CustomEvent`));
});

test("it loads where there is no DOM, and React and Vue render the bare element there", async () => {
  await import("../dist/index.js");
  await import("../dist/modal.js");
  const { createElement } = await import("react");
  const { renderToString } = await import("react-dom/server");
  const react = await import("../dist/react.js");
  const html = renderToString(createElement(react.XiesouSearch, { server: "https://s.example", city: ["四平市", "辽源市"], deepLink: true, className: "x" }));
  assert.equal(html, '<xiesou-search class="x" server="https://s.example" city="四平市 辽源市" deep-link=""></xiesou-search>');
  const { createSSRApp } = await import("vue");
  const vueServer = await import("vue/server-renderer");
  const vue = await import("../dist/vue.js");
  const made = await vueServer.renderToString(createSSRApp(vue.XiesouSearch, { server: "https://s.example", perPage: 5 }));
  assert.match(made, /^<xiesou-search server="https:\/\/s\.example" per-page="5"><\/xiesou-search>$/);
});

test("what is packed is what is built", () => {
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: root, encoding: "utf8" }));
  const paths = packed.files.map((file) => file.path);
  for (const path of ["dist/index.js", "dist/index.d.ts", "dist/react.js", "dist/vue.js", "dist/modal.js", "dist/embed/element.js", "README.md"]) {
    assert.ok(paths.includes(path), path);
  }
  assert.ok(!paths.some((path) => path.startsWith("test/") || path.includes("node_modules")));
});
