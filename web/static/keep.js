// Buttons that keep a paragraph, a report or a search in the working set, or drop it again; main.js loads this when it is needed.
import { changeKept, filled, KeepError, keyOf, readAddress, readItems, readKept, watchKept } from "./kept.js";

export function wireKeep(root) {
  const buttons = () => root.querySelectorAll("button[data-keep], button[data-keep-search]");
  const show = () => {
    if (!buttons().length) return;
    let kept;
    try {
      kept = new Set(readKept().map(keyOf));
    } catch {
      kept = new Set();
    }
    for (const button of buttons()) button.setAttribute("aria-pressed", String(kept.has(keyFor(button))));
  };
  root.addEventListener("click", async (event) => {
    const button = event.target instanceof Element && event.target.closest("button[data-keep], button[data-keep-search]");
    if (!button || button.dataset.busy) return;
    button.dataset.busy = "true";
    try {
      await toggle(button);
      withdraw(button);
    } catch (error) {
      tell(root, button, error instanceof KeepError ? error.code : "failed");
    } finally {
      delete button.dataset.busy;
    }
    show();
  });
  watchKept(show);
  addEventListener("pageshow", show);
  show();
}

const keyFor = (button) => button.dataset.keep ?? readAddress(location.href);

async function toggle(button) {
  const key = keyFor(button);
  if (readKept().some((item) => keyOf(item) === key)) {
    await changeKept((items) => items.filter((item) => keyOf(item) !== key));
    return;
  }
  const isSearch = button.dataset.keep === undefined;
  const item = isSearch ? searchOf(button) : bare(button.dataset.keep);
  await changeKept((items) => (items.some((one) => keyOf(one) === key) ? items : [item, ...items]));
  if (!isSearch) await complete(key);
}

// Text and labels come behind: who goes on at once has kept the paragraph all the same, and the page of the set fills it in.
async function complete(key) {
  let found;
  try {
    found = (await readItems([key])).get(key);
  } catch {
    return;
  }
  try {
    if (!found) throw new KeepError("gone");
    await changeKept((items) => items.map((one) => (keyOf(one) === key ? filled(one, found) : one)));
  } catch (error) {
    await changeKept((items) => items.filter((one) => keyOf(one) !== key));
    throw error;
  }
}

const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");

function searchOf(button) {
  const found = Number(button.dataset.found);
  const item = { kind: "search", address: keyFor(button), label: button.dataset.label.trim(), title: "", text: "", note: "", added: now() };
  return button.dataset.found ? { ...item, found } : item;
}

const bare = (id) => ({ kind: /-p\d+$/.test(id) ? "paragraph" : "report", id, label: "", title: "", text: "", note: "", added: now() });

// What went wrong is said beside the button, in words that the page brought along.
function tell(root, button, code) {
  withdraw(button);
  const said = document.createElement("p");
  said.className = "notice keep-notice";
  said.setAttribute("role", "alert");
  said.textContent = root.querySelector("[data-keep-words]").dataset[code] ?? code;
  placeOf(button).after(said);
}

const placeOf = (button) => button.closest(".kwic, .actions, .report-links, .tabs-line") ?? button;

function withdraw(button) {
  const said = placeOf(button).nextElementSibling;
  if (said?.matches(".keep-notice")) said.remove();
}
