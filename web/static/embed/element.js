// <xiesou-search>: attributes, properties and methods for the host; life and death on its page.
import { make } from "./dom.js";
import { paint, watchGround } from "./ground.js";
import { each, filter, has, iterate } from "./lists.js";
import { Search } from "./search.js";
import { toState } from "./scope.js";
import { style } from "./style.js";

const NAME = "xiesou-search";
export const OPTIONS = [
  "server", "city", "year", "type", "province", "report", "q", "per-page", "facets", "results", "deep-link", "heading-level",
  "lang", "theme", "target", "placeholder", "label", "suggest",
];
const COLOURS = "accent ink soft paper sheet hover rule edge mark radius font-size font text-font".split(" ");

let home = ""; // the search that served this script

class XiesouSearch extends (globalThis.HTMLElement ?? Object) {
  static get observedAttributes() {
    return iterate(OPTIONS);
  }

  renderHit = null; // (hit, rank) => Node: the host's own look of a hit

  #search = null;
  #wrap = make("div", { class: "root" });
  #start = make("slot", { name: "start" }); // outside the wrap, so that it looks as the host has it
  #living = null; // aborted when the element leaves the page
  #outlet = null; // where results="#id" shows them: an element like this one, whose owner this is
  #owner = null;
  #waiting = null; // takes the answer of a search that was asked for before there was a page
  #changed = null;

  connectedCallback() {
    if (this.#owner) return;
    if (this.#living) return this.#watch(); // moved on the page: its search goes on
    this.#living = new AbortController();
    const { signal } = this.#living;
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.#begin(), { signal, once: true });
    else this.#begin();
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected || !this.#living) return;
      this.#living.abort();
      this.#living = null;
      this.#outlet?.remove();
      this.#unfinished = !!this.#search?.stop();
      this.#search?.box.close();
    });
  }

  #unfinished = false;

  attributeChangedCallback(name, before, after) {
    if (!this.#search || before === after) return;
    if (!this.#changed) queueMicrotask(() => this.#follow());
    this.#changed = { ...this.#changed, [name]: after };
  }

  // ---- what a host may call

  /** Searches; gives the answer of /api/v1/search, or null where it failed or another search came between. */
  search(text, options = {}) {
    if (this.#owner) return this.#owner.search(text, options);
    const state = toState(text, options);
    this.#waiting?.(null);
    if (!this.#search) return new Promise((done) => (this.#waiting = (ask) => done(ask && (this.#search.set(state), this.#search.ask({ record: true })))));
    this.#search.set(state);
    return this.#search.ask({ record: true });
  }

  /** Forgets the search and shows the start state. */
  clear() {
    const search = (this.#owner || this).#search;
    search?.clear();
    search?.record();
  }

  focus(options) {
    (this.#owner || this).#search?.box.input.focus(options);
  }

  /** The state that is shown, a copy. */
  get state() {
    return { ...(this.#owner || this).#search?.state };
  }

  get answer() {
    return (this.#owner || this).#search?.answer ?? null;
  }

  // ---- life

  #begin() {
    const first = !this.#search;
    if (first) this.#build();
    const search = this.#search;
    const { signal } = this.#living;
    addEventListener("online", () => search.problem?.code === "network" && search.ask(), { signal });
    addEventListener("popstate", () => search.recall(), { signal });
    const note = ({ blockedURI, effectiveDirective }) => search.base && blockedURI.startsWith(new URL(search.base).origin) && (search.blocked = effectiveDirective);
    document.addEventListener("securitypolicyviolation", note, { signal });
    this.#place();
    this.#watch();
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) waiting(true);
    else if (this.#unfinished) search.ask();
    else if (first && !search.recall() && this.getAttribute("q")) this.search(this.getAttribute("q"));
    this.#unfinished = false;
  }

  #watch() {
    this.#watching?.abort();
    this.#watching = new AbortController();
    this.#living.signal.addEventListener("abort", () => this.#watching.abort());
    watchGround(this, () => this.#paint(), this.#watching.signal);
  }

  #watching = null;

  #build() {
    each(filter(OPTIONS, (name) => name !== "lang"), (name) => {
      const property = camel(name);
      if (!Object.hasOwn(this, property)) return;
      const value = this[property]; // set by the host before this class was there
      delete this[property];
      this[property] = value;
    });
    const search = (this.#search = new Search(this, home, () => this.#redrawn()));
    const asleep = search.form || this.firstElementChild;
    const tall = asleep ? asleep.getBoundingClientRect().height : 0;
    const { marginTop, marginBottom } = getComputedStyle(asleep || this); // read now: without a slot the form has none
    const written = search.form?.elements.q;
    const typing = written && written === document.activeElement;
    const root = this.attachShadow({ mode: "open" });
    style(root);
    if (tall && asleep.slot === "") style(root, `:host { margin: ${marginTop} 0 ${marginBottom}; --tall: ${tall}px; --field: ${Math.min(56, Math.max(36, tall))}px; }`);
    this.#wrap.append(search.box.form, search.status, search.out);
    root.append(this.#wrap, this.#start);
    this.#label();
    search.box.input.value = written?.value || "";
    if (typing) search.box.input.focus({ preventScroll: true });
  }

  // Carries out all changes of attributes of one moment at once.
  #follow() {
    const changed = this.#changed;
    const search = this.#search;
    this.#changed = null;
    if (!this.#living) return;
    this.#label();
    if ("results" in changed) this.#place();
    this.#paint();
    if (changed.q != null && changed.q !== search.state.q) this.search(changed.q);
    else if (search.answer || search.problem) {
      const inert = filter(Object.keys(changed), (name) => !has(["theme", "q", "results", "label", "placeholder", "suggest"], name));
      if (inert.length) search.ask();
    }
  }

  #label() {
    this.#wrap.lang = this.#search.words.code;
    this.#search.box.label(this.#search.words);
  }

  // Results stand below the box, or in the element of the host that results="#id" names.
  #place() {
    const search = this.#search;
    const place = this.getAttribute("results") || "";
    const target = place[0] === "#" && document.getElementById(place.slice(1));
    if (!target) {
      this.#outlet?.remove();
      this.#outlet = null;
      return this.#wrap.append(search.out);
    }
    if (!this.#outlet) {
      this.#outlet = document.createElement(NAME);
      this.#outlet.#owner = this;
      const root = this.#outlet.attachShadow({ mode: "open" });
      style(root);
      root.append(this.#outlet.#wrap);
    }
    this.#outlet.#wrap.append(search.out);
    if (this.#outlet.parentNode !== target) target.append(this.#outlet);
  }

  #redrawn() {
    const { answer, problem } = this.#search;
    this.#start.hidden = !!(answer || problem);
    this.#place();
    this.#paint();
  }

  #paint() {
    const theme = this.getAttribute("theme");
    paint(this.#wrap, this, theme);
    const outlet = this.#outlet;
    if (!outlet) return;
    const own = getComputedStyle(this);
    outlet.className = this.className;
    outlet.#wrap.lang = this.#wrap.lang;
    each(COLOURS, (name) => outlet.style.setProperty(`--xiesou-${name}`, own.getPropertyValue(`--xiesou-${name}`)));
    while (outlet.firstChild) outlet.firstChild.remove();
    each(this.querySelectorAll(":scope > [slot=empty], :scope > [slot=error]"), (own) => outlet.append(own.cloneNode(true)));
    paint(outlet.#wrap, outlet, theme);
  }
}

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

// Each attribute as a property too, as frameworks set them; lists are written with commas.
each(OPTIONS, (name) => {
  if (name === "lang") return;
  Object.defineProperty(XiesouSearch.prototype, camel(name), {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name);
    },
    set(value) {
      if (value == null || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? "" : String(value));
    },
  });
});

// Of several versions on one page the first stays.
export function define(server = "") {
  if (!globalThis.customElements || customElements.get(NAME)) return; // a server renders without
  home = server;
  customElements.define(NAME, XiesouSearch);
}

export { XiesouSearch };
