// The box: an ARIA combobox with suggestions, in a form of its own.
import { get } from "./ask.js";
import { empty, glass, make, number, safe } from "./dom.js";
import { each, push } from "./lists.js";
import { filters } from "./scope.js";
import { show } from "./text.js";

const PAUSE_MS = 120;

export class Box {
  #search;
  #options = [];
  #at = -1;
  #asking = null;
  #pause = 0;
  #composing = false;
  #mute = false; // this server has no suggestions

  constructor(search) {
    this.#search = search;
    this.input = make("input", {
      class: "input", type: "text", name: "q", role: "combobox", autocomplete: "off", spellcheck: "false", enterkeyhint: "search",
      maxlength: "2000", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "list",
      on: {
        compositionstart: () => (this.#composing = true),
        compositionend: () => {
          this.#composing = false;
          this.#hint();
        },
        input: (event) => event.isComposing || this.#hint(),
        keydown: (event) => this.#key(event),
        blur: () => this.close(),
      },
    });
    this.list = make("ul", { class: "list", id: "list", role: "listbox", hidden: true, on: { mousedown: (event) => event.preventDefault() } });
    this.go = make("button", { class: "go", type: "submit" }, glass());
    const submit = (event) => {
      event.preventDefault();
      if (!this.#composing) this.#submit();
    };
    this.form = make("form", { class: "box", role: "search", on: { submit } }, make("div", { class: "field" }, this.input, this.go), this.list);
  }

  // Words and attributes may change while someone types: nothing is made anew.
  label(words) {
    const { host, form } = this.#search;
    this.input.placeholder = host.getAttribute("placeholder") ?? (form?.elements.q?.placeholder || words.hint);
    this.input.ariaLabel = this.list.ariaLabel = words.box;
    this.go.ariaLabel = words.go;
    this.form.ariaLabel = host.getAttribute("label") || words.label;
  }

  close() {
    clearTimeout(this.#pause);
    this.#asking?.abort();
    empty(this.list);
    this.#options = [];
    this.#at = -1;
    this.list.hidden = true;
    this.input.ariaExpanded = "false";
    this.input.removeAttribute("aria-activedescendant");
  }

  #submit() {
    this.close();
    this.#search.submit(this.input.value.trim());
  }

  #hint() {
    this.close();
    const { host, base, state, words } = this.#search;
    const text = this.input.value.trim();
    if (!text || !base || this.#mute || host.getAttribute("suggest") === "off") return;
    this.#pause = setTimeout(async () => {
      const asking = (this.#asking = new AbortController());
      const params = filters(host, state);
      params.append("q", text);
      if (words.code === "en") params.append("lang", "en");
      try {
        const answer = await get(`${base}api/v1/suggest?${params}`, asking);
        if (!asking.signal.aborted && !this.#composing) this.#offer(answer.suggestions || []);
      } catch (error) {
        this.#mute = error.status === 404; // searching goes on without them
      }
    }, PAUSE_MS);
  }

  #offer(suggestions) {
    each(suggestions, (suggestion, i) => {
      if (i > 7) return;
      const node = make("li", { role: "option", class: "option", id: `option-${i}`, "aria-selected": "false", lang: "zh-Hans", on: { click: () => this.#take(suggestion) } },
        make("span", { text: show(suggestion.text) }), make("span", { class: "n", text: number(suggestion.count ?? "") }));
      push(this.#options, { node, suggestion });
      this.list.append(node);
    });
    this.list.hidden = !this.#options.length;
    this.input.ariaExpanded = String(!this.list.hidden);
  }

  // A suggested report is opened, other suggestions are searched for.
  #take(suggestion) {
    this.close();
    if (suggestion.url) return this.#search.follow(safe(suggestion.url, this.#search.base), { suggestion });
    this.input.value = suggestion.text;
    this.#submit();
  }

  #key(event) {
    const { key } = event;
    // A host's one-letter shortcuts must not hear what is typed here.
    if (!event.ctrlKey && !event.metaKey && !event.altKey && key !== "Tab") event.stopPropagation();
    if (this.#composing || event.isComposing || event.keyCode === 229) {
      if (key === "Enter") event.preventDefault();
      return;
    }
    const many = this.#options.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!many || !(step || key === "Escape" || (key === "Enter" && this.#at >= 0))) return;
    event.preventDefault();
    if (key === "Escape") this.close();
    else if (step) this.#move(step, many);
    else this.#take(this.#options[this.#at].suggestion);
  }

  // From the box down through the suggestions and back into the box.
  #move(step, many) {
    this.#options[this.#at]?.node.setAttribute("aria-selected", "false");
    this.#at = this.#at < 0 && step < 0 ? many - 1 : this.#at + step < many ? Math.max(-1, this.#at + step) : -1;
    if (this.#at < 0) return this.input.removeAttribute("aria-activedescendant");
    this.#options[this.#at].node.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", `option-${this.#at}`);
  }
}
