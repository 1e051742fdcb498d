// Suggestions under the search box: an ARIA combobox over /api/v1/suggest. Inactive while an input method composes.
const WAIT_MS = 120;
const MOST = 8;
const KINDS = ["term", "heading", "place", "report"];

export function wireSuggest(root) {
  for (const form of root.querySelectorAll("[data-suggest]")) wire(form);
}

function wire(form) {
  const input = form.querySelector("input[name=q]");
  const names = form.dataset.kinds.split("|");
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let composing = false;
  let at = -1;
  let timer = 0;
  let asked = 0;
  let typed = "";
  list.id = "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label").textContent);
  list.hidden = true;
  said.className = "sr";
  said.setAttribute("role", "status");
  form.append(list, said);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) {
    input.setAttribute(name, value);
  }

  const close = () => {
    clearTimeout(timer);
    asked += 1;
    at = -1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    if (option.dataset.url) {
      location.assign(option.dataset.url);
      return;
    }
    input.value = option.dataset.text;
    close();
    form.requestSubmit();
  };
  const move = (to) => {
    const options = [...list.children];
    at = ((to + 1 + options.length + 1) % (options.length + 1)) - 1;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) {
      input.value = typed;
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", options[at].id);
    if (!options[at].dataset.url) input.value = options[at].dataset.text;
  };
  const show = (suggestions) => {
    list.replaceChildren(...suggestions.slice(0, MOST).map((suggestion, i) => option(suggestion, i, names)));
    at = -1;
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = list.hidden ? "" : form.dataset.found.replace("#", list.children.length);
  };
  const ask = async () => {
    const mine = (asked += 1);
    typed = input.value;
    if (!typed.trim()) {
      close();
      return;
    }
    const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(typed)}&limit=${MOST}`).catch(() => null);
    if (mine !== asked || !answer || !answer.ok) return; // suggestions are optional: fail silently
    const found = (await answer.json()).suggestions;
    if (mine === asked && document.activeElement === input) show(found);
  };
  const later = () => {
    clearTimeout(timer);
    if (!composing) timer = setTimeout(ask, WAIT_MS);
  };

  input.addEventListener("compositionstart", () => {
    composing = true;
    close();
  });
  input.addEventListener("compositionend", () => {
    composing = false;
    later();
  });
  input.addEventListener("input", (event) => {
    if (!event.isComposing) later();
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => {
    const picked = event.target.closest("[role=option]");
    event.preventDefault(); // keeps focus in the box
    if (picked) choose(picked);
  });
  input.addEventListener("keydown", (event) => {
    if (composing || event.isComposing || event.keyCode === 229 || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      choose(list.children[at]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopImmediatePropagation();
      input.value = typed;
      close();
    }
  });
}

function option(suggestion, i, names) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  const kind = document.createElement("span");
  item.id = `suggestion-${i}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.text = suggestion.text;
  if (suggestion.url) item.dataset.url = suggestion.url;
  text.textContent = suggestion.text;
  text.lang = "zh-Hans";
  kind.className = "kind";
  kind.textContent = `${names[KINDS.indexOf(suggestion.kind)] || ""} ${suggestion.count.toLocaleString("en")}`;
  item.append(text, " ", kind);
  return item;
}
