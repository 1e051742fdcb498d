// The working set: searches, paragraphs and reports that are kept in this browser alone, under one key of its storage.
//
// stored = exported = { format, version, items: [{ kind, id, label, title, text, note, added, … }] }, newest first. What comes
// from a file or from the storage is read field by field, and shown as text alone.
export const FORMAT = "xiesou-working-set";
export const VERSION = 1;
export const MOST_ITEMS = 1000;
export const NOTE_CHARS = 4000;
const LIMITS = { label: 400, title: 600, text: 60_000, note: NOTE_CHARS };
const ID = /^[A-Za-z0-9._-]{1,100}$/;
const ADDRESS_CHARS = 20_000;
const DAY = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

const root = new URL(document.querySelector(".top .name").href).pathname;
const KEY = `xiesou:${root}`;

// What can go wrong, by its code: full, blocked (no storage), unreadable (not ours, or of a newer version), many.
export class KeepError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

// The items, [] where nothing is kept.
export function readKept() {
  const raw = readRaw();
  if (raw === null) return [];
  const found = parse(raw);
  if (!found) throw new KeepError("unreadable");
  return found.items;
}

export function readRaw() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    throw new KeepError("blocked");
  }
}

// Reads, edits and writes in one step, so that two tabs don't undo each other's work; returns the items.
export function changeKept(edit) {
  const act = () => changeNow(edit);
  return navigator.locks ? navigator.locks.request(KEY, act) : new Promise((resolve) => resolve(act()));
}

// The same at once, for a page that is about to go.
export function changeNow(edit) {
  const items = edit(readKept());
  if (items.length > MOST_ITEMS) throw new KeepError("many");
  write(items);
  return items;
}

// Forgets everything, what can't be read too.
export function clearKept() {
  localStorage.removeItem(KEY);
}

export function watchKept(told) {
  addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) told();
  });
}

export const toText = (items) => JSON.stringify({ format: FORMAT, version: VERSION, items }, null, 1);

function write(items) {
  try {
    localStorage.setItem(KEY, toText(items));
  } catch (error) {
    throw new KeepError(error.name === "SecurityError" ? "blocked" : "full");
  }
}

// { items, refused: how many couldn't be read }, or null where the text is no working set.
export function parse(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (value?.format !== FORMAT || value.version !== VERSION || !Array.isArray(value.items)) return null;
  const items = new Map();
  let refused = 0;
  for (const raw of value.items) {
    const item = readItem(raw);
    if (!item) refused += 1;
    else if (!items.has(keyOf(item))) items.set(keyOf(item), item);
  }
  return { items: [...items.values()], refused };
}

// Those of a file behind those that are kept; of an item that both have, a note that says something else is added.
export function merge(kept, others) {
  const merged = new Map(kept.map((item) => [keyOf(item), item]));
  let added = 0;
  for (const item of others) {
    const mine = merged.get(keyOf(item));
    if (!mine) added += 1;
    const note = mine && item.note && !mine.note.includes(item.note) ? [mine.note, item.note].filter(Boolean).join("\n") : mine?.note;
    merged.set(keyOf(item), mine ? { ...mine, note: note.slice(0, NOTE_CHARS) } : item);
  }
  return { items: [...merged.values()], added };
}

export const keyOf = (item) => (item.kind === "search" ? item.address : item.id);

// An item with what the collection says of it.
export const filled = (item, found) => ({ ...item, label: found.label, title: found.title, text: found.text ?? "" });

function readItem(raw) {
  if (typeof raw !== "object" || raw === null) return null;
  const item = { kind: raw.kind };
  if (raw.kind === "search") {
    item.address = readAddress(raw.address);
    if (!item.address) return null;
    if (Number.isSafeInteger(raw.found) && raw.found >= 0) item.found = raw.found;
  } else if (raw.kind === "paragraph" || raw.kind === "report") {
    if (typeof raw.id !== "string" || !ID.test(raw.id)) return null;
    item.id = raw.id;
  } else {
    return null;
  }
  for (const [name, most] of Object.entries(LIMITS)) {
    if (raw[name] !== undefined && typeof raw[name] !== "string") return null;
    if ((raw[name] ?? "").length > most) return null;
    item[name] = raw[name] ?? "";
  }
  item.added = typeof raw.added === "string" && DAY.test(raw.added) ? raw.added : "";
  return item;
}

// The address of a page of this site, relative to its root, without language and page; "" for any other.
export function readAddress(address) {
  if (typeof address !== "string" || address.length > ADDRESS_CHARS) return "";
  let url;
  try {
    url = new URL(address, location.origin + root);
  } catch {
    return "";
  }
  if (url.origin !== location.origin || !url.pathname.startsWith(root) || url.username || url.password) return "";
  url.searchParams.delete("lang");
  url.searchParams.delete("page");
  return url.pathname.slice(root.length) + (url.searchParams.size ? `?${url.searchParams}` : "");
}

export const toUrl = (address) => new URL(address, location.origin + root);

// What the collection has under these ids now: a Map from id to { label, title, text, url, cite_url }, null where nothing.
export async function readItems(ids) {
  const most = Number(document.querySelector("[data-most-read]")?.dataset.mostRead) || 100;
  const found = new Map();
  for (let at = 0; at < ids.length; at += most) {
    const asked = ids.slice(at, at + most);
    const url = toUrl("working-set/items");
    if (document.documentElement.lang === "en") url.searchParams.set("lang", "en");
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(asked.map((id) => ["item", id])) });
    if (!answer.ok) throw new Error(String(answer.status));
    (await answer.json()).items.forEach((item, i) => found.set(asked[i], item));
  }
  return found;
}
