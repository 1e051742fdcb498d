// The page of the working set: lists what is kept, holds copies against the collection, takes notes, imports and exports.
import { changeKept, changeNow, clearKept, filled, KeepError, keyOf, merge, NOTE_CHARS, parse, readItems, readKept, readRaw, toText, toUrl, watchKept } from "./kept.js";

const NOTE_WAIT_MS = 400;
const MOST_IMPORT_BYTES = 20_000_000;
const MOST_COUNTED = 30;
const LOOK_FOR_CHARS = 24;

export function wireWorkingSet(root) {
  const page = root.querySelector("[data-working-set]");
  const words = page.querySelector("[data-words]").dataset;
  const common = root.querySelector("[data-keep-words]").dataset;
  const status = page.querySelector("[data-status]");
  const rows = new Map();
  let states = new Map();
  let removed = [];

  // The status line; `act` is a button's label and what it does.
  const say = (text, act) => {
    status.textContent = text;
    if (!act) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = act[0];
    button.addEventListener("click", act[1]);
    status.append(" ", button);
  };
  const fail = (error) => say((error instanceof KeepError && (words[error.code] ?? common[error.code])) || common.failed);
  const attempt = async (edit) => {
    try {
      await changeKept(edit);
      show();
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };

  const show = () => {
    let items;
    try {
      items = readKept();
    } catch (error) {
      for (const part of page.querySelectorAll("[data-tools], [data-of], [data-empty]")) part.hidden = true;
      if (error.code !== "unreadable") return fail(error);
      page.querySelector("[data-unreadable]").hidden = false;
      return;
    }
    page.querySelector("[data-tools]").hidden = false;
    page.querySelector("[data-unreadable]").hidden = true;
    page.querySelector("[data-empty]").hidden = items.length > 0;
    const wanted = new Set(items.map(keyOf));
    for (const [key, row] of rows) if (!wanted.has(key)) { row.remove(); rows.delete(key); }
    for (const part of page.querySelectorAll("[data-of]")) {
      const kinds = part.dataset.of.split(" ");
      const shown = items.filter((item) => kinds.includes(item.kind));
      part.hidden = !shown.length;
      part.querySelector("[data-count]").textContent = shown.length;
      const list = part.querySelector("ul");
      shown.forEach((item, at) => {
        const row = rowOf(item);
        if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null);
      });
    }
    const citable = items.some((item) => item.kind !== "search");
    for (const button of page.querySelectorAll("[data-bibliography] button")) button.disabled = !citable;
    for (const button of page.querySelectorAll("[data-export], [data-clear]")) button.disabled = !items.length;
  };

  const rowOf = (item) => {
    const key = keyOf(item);
    if (!rows.has(key)) rows.set(key, makeRow(item, key));
    fill(rows.get(key), item);
    return rows.get(key);
  };

  const makeRow = (item, key) => {
    const row = page.querySelector("template").content.firstElementChild.cloneNode(true);
    const note = row.querySelector("textarea");
    note.maxLength = NOTE_CHARS;
    let timer = 0;
    let isSaved = true;
    const noted = (items) => items.map((one) => (keyOf(one) === key ? { ...one, note: note.value } : one));
    const save = async () => {
      clearTimeout(timer);
      isSaved = await attempt(noted);
    };
    note.addEventListener("input", () => {
      isSaved = false;
      clearTimeout(timer);
      timer = setTimeout(save, NOTE_WAIT_MS);
    });
    note.addEventListener("change", save);
    addEventListener("pagehide", () => isSaved || changeNow(noted));
    row.querySelector("[data-drop]").addEventListener("click", () => drop((one) => keyOf(one) === key, row));
    row.querySelector("[data-take]").addEventListener("click", async () => {
      const text = states.get(key)?.text;
      if (typeof text !== "string") return;
      await attempt((items) => items.map((one) => (keyOf(one) === key ? { ...one, text } : one)));
      row.querySelector("[data-drop]").focus();
    });
    return row;
  };

  const fill = (row, item) => {
    const found = states.get(keyOf(item));
    const link = row.querySelector("[data-link]");
    link.textContent = [found?.label ?? item.label, item.kind === "search" ? "" : found?.title ?? item.title].filter(Boolean).join(" · ");
    link.href = item.kind === "search" ? toUrl(item.address) : found?.url ?? toUrl(addressOf(item.id));
    const text = row.querySelector("[data-text]");
    text.textContent = item.text;
    text.hidden = !item.text;
    const note = row.querySelector("textarea");
    if (note !== document.activeElement) note.value = item.note;
    row.querySelector("[data-day]").textContent = item.added.slice(0, 10);
    const isGone = found === null;
    const isChanged = Boolean(found) && item.kind === "paragraph" && found.text !== item.text;
    row.querySelector("[data-gone]").hidden = !isGone;
    row.querySelector("[data-changed]").hidden = !isChanged;
    row.querySelector("[data-now]").textContent = isChanged ? found.text : "";
    if (isGone) row.querySelector("[data-look]").href = toUrl(`search?${new URLSearchParams({ q: `"${item.text.replaceAll('"', "").slice(0, LOOK_FOR_CHARS) || item.title}"` })}`);
    const cite = row.querySelector("[data-cite]");
    cite.hidden = item.kind === "search" || isGone;
    if (!cite.hidden) cite.href = found?.cite_url ?? toUrl(addressOf(item.id).replace(/(#p(\d+))?$/, (_, hash, n) => (n ? `/cite?n=${n}` : "/cite")));
    const counts = row.querySelector("[data-counts]");
    if (item.found !== undefined && !counts.textContent) counts.textContent = words.then.replace("{n}", item.found.toLocaleString());
  };

  const addressOf = (id) => `reports/${id.replace(/-p(\d+)$/, "#p$1")}`;

  const drop = async (isDropped, row) => {
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    const gone = [];
    const done = await attempt((items) => items.filter((item, at) => !isDropped(item) || !gone.push([at, item])));
    if (!done) return;
    removed = gone;
    say(words.removed.replace("{n}", removed.length), [words.undo, undo]);
    (next?.isConnected ? next.querySelector("[data-drop]") : status.querySelector("button"))?.focus();
  };
  const undo = async () => {
    const back = removed;
    removed = [];
    const done = await attempt((items) => {
      const kept = new Set(items.map(keyOf));
      const all = [...items];
      for (const [at, item] of back) if (!kept.has(keyOf(item))) all.splice(Math.min(at, all.length), 0, item);
      return all;
    });
    if (done) say(words.undone);
  };

  // Copies against what the collection has now, and searches against what they find now.
  const check = async () => {
    let items;
    try {
      items = readKept();
    } catch {
      return;
    }
    try {
      states = await readItems(items.filter((item) => item.kind !== "search").map(keyOf));
    } catch {
      return say(words.unchecked);
    }
    const isBare = (item) => item.kind !== "search" && !item.label && states.get(keyOf(item));
    if (items.some(isBare)) await attempt((all) => all.map((one) => (isBare(one) ? filled(one, states.get(keyOf(one))) : one)));
    show();
    for (const item of items.filter((one) => one.kind === "search" && one.address.startsWith("search?")).slice(0, MOST_COUNTED)) {
      const answer = await fetch(toUrl(item.address.replace(/^search/, "api/v1/count"))).catch(() => null);
      const found = answer?.ok ? (await answer.json()).paragraphs : undefined;
      const counts = rows.get(item.address)?.querySelector("[data-counts]");
      if (!counts || !Number.isInteger(found)) continue;
      const before = item.found === undefined || item.found === found ? "" : words.then.replace("{n}", item.found.toLocaleString());
      counts.textContent = [before, words.now.replace("{n}", found.toLocaleString())].filter(Boolean).join(" · ");
    }
  };

  page.querySelector("[data-export]").addEventListener("click", () => {
    const items = readKept();
    save(toText(items));
    say(words.exported.replace("{n}", items.length));
  });
  page.querySelector("[data-export-raw]").addEventListener("click", () => save(readRaw()));
  page.querySelector("[data-start-anew]").addEventListener("click", () => {
    clearKept();
    show();
    page.querySelector("h1").focus();
  });
  page.querySelector("[data-clear]").addEventListener("click", () => drop(() => true));
  const file = page.querySelector("input[type=file]");
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    const found = chosen.size > MOST_IMPORT_BYTES ? null : parse(await chosen.text());
    if (!found) return say(words.notOurs.replace("{name}", chosen.name));
    let added = 0;
    const done = await attempt((items) => {
      const merged = merge(items, found.items);
      added = merged.added;
      return merged.items;
    });
    if (!done) return;
    const told = { n: added, known: found.items.length - added, refused: found.refused };
    say(words.imported.replace(/\{(\w+)\}/g, (_, name) => told[name]));
    check();
  });
  page.querySelector("[data-bibliography]").addEventListener("submit", (event) => {
    const form = event.currentTarget;
    const ids = readKept().filter((item) => item.kind !== "search").map(keyOf);
    const held = ids.filter((id) => states.get(id) !== null);
    form.querySelector("[data-fields]").replaceChildren(
      ...held.map((id) => Object.assign(document.createElement("input"), { type: "hidden", name: "item", value: id })),
    );
    if (!held.length) event.preventDefault();
    const told = [];
    if (held.length) told.push(words.saved.replace("{n}", held.length).replace("{name}", event.submitter?.textContent ?? ""));
    if (!ids.length) told.push(words.nothingToCite);
    if (held.length < ids.length) told.push(words.leftOut.replace("{n}", ids.length - held.length));
    say(told.join(" "));
  });
  watchKept(show);
  show();
  check();
}

function save(text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `xiesou-working-set-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
