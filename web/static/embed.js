// <xiesou-search>: the search inside another site. docs/embedding.md tells how to use it.
//
// A guest: everything it draws is in its own shadow root, styled by a constructed style sheet; report text becomes
// text nodes only; it listens to no key outside itself and leaves nothing global but the element. Host pages patch
// what they like, so no method of Array.prototype is used here, nor anything that iterates by it.

const GROUPS = ["city", "year", "type", "province"];
const SCOPE = ["city", "year", "type", "province", "report"];
const OPTIONS = ["server", "per-page", "lang", "facets", "theme", "placeholder", "label", "target", "suggest", "city", "year", "type", "province", "report"];
const WHOLE = 360; // code points of a paragraph that is shown whole
const AROUND = 70; // code points of context about a highlight in a longer one
const TIMEOUT_MS = 15000;
const KEPT = 30; // answers remembered, for paging back and for lost connections

const WORDS = {
  zh: {
    label: "检索报告", box: "检索词", go: "检索", hint: "词语、“整句”、-排除", unknown: "未知",
    city: "城市", year: "年份", type: "类型", province: "省份", filter: "筛选", drop: "去掉", clear: "全部清除",
    more: (n) => `其余 ${n} 个`, fewer: "收起", reading: "读作：", sort: "排序", found: (n) => `${n} 段`,
    from: (n) => ` · 来自 ${n} 份报告`, relevance: "相关", "-year": "新的在前", year_: "旧的在前", partly: "只满足部分条件",
    open: "打开原文", previous: "上一页", next: "下一页", page: (n, of) => `第 ${n} / ${of} 页`,
    none: "没有找到。换一个说法，或去掉一些条件再试。", again: "重试", all: "在协搜中打开",
    offline: "网络已断开，恢复后自动重试。", unreachable: "现在连不上检索服务。", wait: (n) => `检索太频繁，${n} 秒后自动重试。`,
    failed: "检索没有完成。", newTab: "（新标签页）",
  },
  en: {
    label: "Search reports", box: "Search terms", go: "Search", hint: "words, “a phrase”, -without",
    unknown: "unknown", city: "City", year: "Year", type: "Type", province: "Province", filter: "Filters", drop: "Remove",
    clear: "Clear all", more: (n) => `${n} more`, fewer: "Fewer", reading: "Read as: ", sort: "Order",
    found: (n) => `${n} paragraphs`, from: (n) => ` from ${n} reports`, relevance: "Relevance", "-year": "Newest first",
    year_: "Oldest first", partly: "Only some of the words", open: "Open in report", previous: "Previous", next: "Next",
    page: (n, of) => `Page ${n} of ${of}`, none: "Nothing found.",
    again: "Try again", all: "Open in Xiesou", offline: "You are offline; the search will go on.",
    unreachable: "The search can't be reached now.", wait: (n) => `Too many searches; trying again in ${n} s.`,
    failed: "The search failed.", newTab: " (new tab)",
    origin_not_allowed: `This search does not allow ${location.origin}. Its operator can: xiesou serve --allow-origin ${location.origin}`,
  },
};

const CSS = `
:host { display: block !important; }
:host([hidden]) { display: none !important; }
.root, .root * { box-sizing: border-box; }
.root { all: initial; display: block; direction: ltr; container-type: inline-size; color-scheme: light;
  --paper: var(--xiesou-paper, transparent); --sheet: var(--xiesou-sheet, #fbf9f4); --ink: var(--xiesou-ink, #1f1b16);
  --soft: var(--xiesou-soft, #5d554a); --rule: var(--xiesou-rule, #ddd5c6); --edge: var(--xiesou-edge, #8d8374);
  --seal: var(--xiesou-accent, #a83526); --wash: var(--xiesou-mark, #f8dfa8);
  --hover: var(--xiesou-hover, #f0e9db); --round: var(--xiesou-radius, 4px);
  --serif: var(--xiesou-text-font, "Songti SC", "Noto Serif CJK SC", SimSun, serif);
  font-family: var(--xiesou-font, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif);
  font-size: var(--xiesou-font-size, medium); line-height: 1.5; color: var(--ink); background: var(--paper);
  overflow-wrap: anywhere; text-align: start; font-variant-numeric: tabular-nums; text-autospace: normal; }
.root.dark { color-scheme: dark;
  --sheet: var(--xiesou-sheet, #26221d); --ink: var(--xiesou-ink, #ece5d8); --soft: var(--xiesou-soft, #b9af9f);
  --rule: var(--xiesou-rule, #3b352d); --edge: var(--xiesou-edge, #877c6c); --seal: var(--xiesou-accent, #f0917f);
   --wash: var(--xiesou-mark, #5c4417); --hover: var(--xiesou-hover, #38322a); }
ol, ul { list-style: none; margin: 0; padding: 0; }
p { margin: 0; }
button, input, select { font: inherit; color: inherit; margin: 0; letter-spacing: inherit; }
button { background: none; border: 0; padding: 0; cursor: pointer; text-align: start; }
a { color: inherit; }
:focus-visible { outline: 2px solid var(--seal); outline-offset: 2px; }
[hidden] { display: none !important; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.box { position: relative; display: flex; align-items: center; min-height: var(--tall, 44px); }
.field { display: flex; flex: 1; min-width: 0; height: var(--field, 44px); border: 1px solid var(--edge); border-radius: var(--round); background: var(--sheet); }
.field:focus-within { border-color: var(--seal); outline: 1px solid var(--seal); }
.field input { flex: 1; min-width: 0; width: 0; border: 0; outline: 0; background: none; padding: 0 0 0 .8em; appearance: none; }
.field input::placeholder { color: var(--soft); opacity: 1; }
.field button { flex: none; width: 2.8em; display: grid; place-items: center; color: var(--seal); border-radius: var(--round); }
svg { width: 18px; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; }
.list { position: absolute; z-index: 9; top: calc(50% + var(--field, 44px) / 2 + 4px); left: 0; right: 0; background: var(--sheet); border: 1px solid var(--edge); border-radius: var(--round); box-shadow: 0 6px 20px #0003; overflow: hidden; }
.list li { display: flex; gap: 1em; justify-content: space-between; padding: .4em .8em; cursor: pointer; }
.list li[aria-selected=true], .list li:hover { background: var(--hover); }
.list .n, .value .n { color: var(--soft); font-size: .87em; }
.results[aria-busy=true] { opacity: .55; transition: opacity 0s .3s; }
.sum { display: flex; flex-wrap: wrap; gap: .2em 1em; align-items: baseline; padding-top: .9em; }
.count { outline-offset: 4px; }
.sort { margin-inline-start: auto; padding: .1em .3em; border: 1px solid var(--edge); border-radius: var(--round); background: var(--sheet); font-size: .87em; }
.column { max-width: 44em; }
.soft, .line, .foot { color: var(--soft); font-size: .87em; }
.note { margin: .5em 0; padding: .4em .8em; border-inline-start: 3px solid var(--seal); background: var(--hover); }
.note p + p { margin-top: .4em; }
.chips { display: flex; flex-wrap: wrap; gap: .4em; padding-top: .5em; }
.chip, .more, .sheet, .turn, .again { border: 1px solid var(--edge); border-radius: var(--round); padding: .15em .8em; min-height: 24px; }
.chip:hover, .sheet:hover, .turn:hover, .again:hover { color: var(--seal); }
.sheet { margin-top: .7em; }
.facets { padding-top: .7em; }
.facets:not(.shown) { display: none; }
.group { margin-bottom: 1em; }
.name { color: var(--soft); font-size: .87em; font-weight: 600; padding-bottom: .15em; }
.value { display: flex; gap: .5em; width: 100%; align-items: baseline; padding: .2em .3em; border-radius: 3px; }
.value:hover { background: var(--hover); }
.value .v { flex: 1; min-width: 0; }
.value::before { content: ""; flex: none; align-self: center; width: .75em; height: .75em; border: 1px solid var(--edge); border-radius: 2px; }
.value[aria-pressed=true]::before { background: var(--seal); border-color: var(--seal); box-shadow: inset 0 0 0 2px var(--sheet); }
.value[aria-pressed=true] { font-weight: 600; }
.more { border: 0; color: var(--soft); font-size: .87em; padding: .2em .3em; text-decoration: underline; }
.hit { padding: 1.1em 0 .8em; border-bottom: 1px solid var(--rule); }
.hit:last-child { border-bottom: 0; }
.tier { color: var(--soft); font-size: .93em; font-weight: 600; padding-bottom: .5em; }
.line a { text-decoration: none; }
.text { font: 1.07em/1.8 var(--serif); max-width: 38em; white-space: pre-line; line-break: strict; padding: .25em 0; unicode-bidi: isolate; }
.line span, .line a, .v { unicode-bidi: isolate; }
mark { background: var(--wash); color: inherit; border-radius: 2px; }
.open { font-size: .87em; color: var(--soft); display: inline-block; min-height: 24px; }
.open:hover, .line a:hover { color: var(--seal); }
.pages { display: flex; flex-wrap: wrap; gap: .5em 1em; align-items: center; padding: .8em 0; }
.foot { padding-top: .5em; }
::slotted([hidden]) { display: block !important; }
@container (min-width: 680px) {
  .body { display: grid; grid-template-columns: 11.5em minmax(0, 1fr); gap: 0 2.2em; }
  .body.plain { display: block; }
  .sheet { display: none; }
  .facets, .facets:not(.shown) { display: block; padding-top: 1.1em; }
}
@media (forced-colors: active) { mark { background: Mark; color: MarkText; } .value[aria-pressed=true]::before { background: Highlight; } }
`;

let shared;
function style(root, css) {
  const sheet = css === undefined && shared ? shared : new CSSStyleSheet();
  if (css !== undefined) sheet.replaceSync(css);
  else if (!shared) (shared = sheet).replaceSync(CSS);
  root.adoptedStyleSheets[root.adoptedStyleSheets.length] = sheet;
}

function make(tag, { text, on, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const name in attributes) {
    const value = attributes[name];
    if (value != null && value !== false) node.setAttribute(name, value);
    if (name === "class" && value) node.setAttribute("part", value);
  }
  if (text !== undefined) node.textContent = text;
  if (on) for (const name in on) node.addEventListener(name, on[name]);
  for (let i = 0; i < children.length; i++) if (children[i]) node.append(children[i]);
  return node;
}

const button = (name, text, click, more) => make("button", { type: "button", class: name, text, on: { click }, ...more });

function glass() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M13 8.5a4.7 4.7 0 1 1-9.4 0 4.7 4.7 0 0 1 9.4 0ZM12.2 12.2 17 17");
  svg.append(path);
  return svg;
}

// Spans count code points, strings count UTF-16 units: a text is cut into its code points once.
function toPoints(text) {
  const points = [];
  for (let i = 0; i < text.length; ) {
    const point = String.fromCodePoint(text.codePointAt(i));
    points[points.length] = point;
    i += point.length;
  }
  return points;
}

// What a page can't show is shown as its picture: controls as U+2400 …, half a pair as U+FFFD.
function show(text) {
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (c) => { const code = c.charCodeAt(0); return code < 32 ? String.fromCharCode(0x2400 + code) : code === 127 ? "\u2421" : "\ufffd"; });
}

function join(points, from, to) {
  let text = "";
  for (let i = from; i < to; i++) text += points[i];
  return text;
}

// Stretches of a long paragraph about its first highlights; a short one is one stretch.
function excerpt(points, spans) {
  const parts = [];
  if (points.length <= WHOLE) parts[0] = [0, points.length];
  for (let i = 0; i < spans.length && points.length > WHOLE; i++) {
    let from = spans[i][0];
    const earliest = Math.max(0, from - AROUND);
    while (from > earliest && !/[。！？；\n]/.test(points[from - 1])) from--;
    const to = Math.min(points.length, spans[i][1] + AROUND);
    const last = parts[parts.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (parts.length < 3) parts[parts.length] = [from, to];
  }
  if (!parts.length) parts[0] = [0, WHOLE / 2];
  return parts;
}

function marked(text, spans) {
  const gap = () => make("span", { class: "gap", text: "……" });
  const node = make("p", { class: "text", lang: "zh-Hans" });
  const points = toPoints(text);
  const parts = excerpt(points, spans);
  for (let i = 0, s = 0; i < parts.length; i++) {
    let at = parts[i][0];
    const end = parts[i][1];
    if (at > 0) node.append(gap());
    for (; s < spans.length && spans[s][0] < end; s++) {
      const from = Math.max(at, spans[s][0]);
      const to = Math.min(end, spans[s][1]);
      if (to <= from) continue;
      node.append(show(join(points, at, from)), make("mark", { class: "mark", text: show(join(points, from, to)) }));
      at = to;
    }
    node.append(show(join(points, at, end)));
    if (i === parts.length - 1 && end < points.length) node.append(gap());
  }
  return node;
}

const has = (list, value) => { for (let i = 0; i < list.length; i++) if (list[i] === value) return true; return false; };

function toggled(list, value) {
  const after = [];
  for (let i = 0; i < list.length; i++) if (list[i] !== value) after[after.length] = list[i];
  if (after.length === list.length) after[after.length] = value;
  return after;
}

function split(text) {
  const values = [];
  (text || "").replace(/[^\s,，、;；]+/g, (value) => (values[values.length] = value));
  return values;
}

function inScope(scope, value) {
  if (!scope.length) return true;
  for (let i = 0; i < scope.length; i++) {
    const range = /^(\d{4})(?:\.\.|-|–)(\d{4})$/.exec(scope[i]);
    if (scope[i] === value || (range && value >= range[1] && value <= range[2])) return true;
  }
  return false;
}

function isDark(node) {
  for (let at = node; at; at = at.parentElement || at.getRootNode().host) {
    const ground = /^rgba?\((\d+), (\d+), (\d+)(, 0\b(?!\.))?/.exec(getComputedStyle(at).backgroundColor);
    if (ground && !ground[4]) return ground[1] * 0.3 + ground[2] * 0.59 + ground[3] * 0.11 < 128;
  }
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  return /dark/.test(scheme) && (!/light/.test(scheme) || matchMedia("(prefers-color-scheme: dark)").matches);
}

const noState = () => ({ q: "", page: 1, sort: "relevance", city: [], year: [], type: [], province: [] });

// Iterates without the iterator of arrays, which a host may have patched.
function* each(list) {
  for (let i = 0; i < list.length; i++) yield list[i];
}

class XiesouSearch extends HTMLElement {
  static get observedAttributes() {
    return each(OPTIONS);
  }

  #state = noState();
  #answer = null;
  #problem = null;
  #out = null; // where results stand
  #in = {}; // the parts of the box
  #living = null; // aborted when the element leaves the page
  #asking = null; // aborted when another search begins
  #hinting = null;
  #wake = 0;
  #pause = 0;
  #kept = new Map();
  #unfolded = {};
  #options = [];
  #at = -1;
  #composing = false;
  #mute = false; // this server has no suggestions
  #stale = false;

  connectedCallback() {
    this.#living = new AbortController();
    const { signal } = this.#living;
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.#start(), { signal, once: true });
    else this.#start();
  }

  disconnectedCallback() {
    this.#living?.abort();
    this.#asking?.abort();
    this.#hinting?.abort();
    clearTimeout(this.#wake);
    clearTimeout(this.#pause);
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#out || before === after || this.#stale) return;
    this.#stale = true;
    queueMicrotask(() => {
      this.#stale = false;
      if (!this.isConnected) return;
      this.#drawBox();
      if (this.#answer || this.#problem) this.#ask();
    });
  }

  // ---- what a host may call

  /** Searches; gives the answer of /api/v1/search, or null where it failed or another search came between. */
  search(text, options = {}) {
    const state = { ...noState(), q: String(text ?? "").trim() };
    for (const name in options) if (name in state && name !== "q") state[name] = has(GROUPS, name) ? split(String(options[name])) : options[name];
    this.#state = state;
    this.#in.input.value = state.q;
    return this.#ask({ record: true });
  }

  /** Forgets the search and shows the start state. */
  clear() {
    this.#asking?.abort();
    clearTimeout(this.#wake);
    this.#state = noState();
    this.#answer = this.#problem = null;
    this.#in.input.value = "";
    this.#close();
    this.#record();
    this.#drawOut();
  }

  focus(options) {
    this.#in.input?.focus(options);
  }

  /** The state that is shown, a copy. */
  get state() {
    return { ...this.#state };
  }

  get answer() {
    return this.#answer;
  }

  // ---- set up

  get #words() {
    return /^en/i.test(this.lang) ? WORDS.en : WORDS.zh;
  }

  get #form() {
    return this.querySelector("form");
  }

  get #base() {
    const own = this.getAttribute("server");
    if (own) return new URL(own.replace(/\/*$/, "/"), document.baseURI).href;
    const action = this.#form?.getAttribute("action");
    return new URL(".", action ? new URL(action, document.baseURI) : import.meta.url).href;
  }

  #scope(name) {
    const own = this.getAttribute(name);
    if (own !== null) return split(own);
    const fields = this.#form?.elements;
    const values = [];
    for (let i = 0; fields && i < fields.length; i++) {
      if (fields[i].name === name && fields[i].type === "hidden") values[values.length] = fields[i].value;
    }
    return values;
  }

  #start() {
    const { signal } = this.#living;
    const first = !this.shadowRoot;
    if (first) {
      const form = this.#form;
      const tall = form ? form.getBoundingClientRect().height : 0;
      const { marginTop, marginBottom } = getComputedStyle(form || this); // read now: without a slot the form has none
      const written = form?.elements.q?.value || "";
      const root = this.attachShadow({ mode: "open", delegatesFocus: true });
      style(root);
      if (tall) {
        const field = Math.min(56, Math.max(36, tall));
        style(root, `:host { margin: ${marginTop} 0 ${marginBottom}; --tall: ${tall}px; --field: ${field}px; }`);
      }
      this.#in.wrap = make("div", { class: "root" });
      this.#in.start = make("slot", { name: "start" }); // outside the wrap, so that it looks as the host has it
      root.append(this.#in.wrap, this.#in.start);
      this.#in.body = make("div", { class: "results" });
      this.#drawBox();
      this.#in.input.value = written;
    }
    addEventListener("online", () => this.#problem?.code === "network" && this.#ask(), { signal });
    addEventListener("popstate", () => this.#recall(), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint(), { signal });
    const watch = new MutationObserver(() => this.#paint());
    watch.observe(document.documentElement, { attributes: true });
    watch.observe(document.body, { attributes: true });
    signal.addEventListener("abort", () => watch.disconnect());
    this.#paint();
    if (this.#problem || !first) return;
    if (!this.#recall() && this.getAttribute("q")) this.search(this.getAttribute("q"));
  }

  // Light or dark: as asked, else as the ground that it stands on.
  #paint() {
    const asked = this.getAttribute("theme");
    const dark = asked === "dark" || (asked !== "light" && isDark(this));
    this.#in.wrap.classList.toggle("dark", dark);
    if (this.#out && this.#out !== this.#in.body) this.#out.parentNode.classList.toggle("dark", dark);
  }

  #drawBox() {
    const words = this.#words;
    const wrap = this.#in.wrap;
    const value = this.#in.input?.value || "";
    const lang = words === WORDS.en ? "en" : "zh-Hans";
    wrap.lang = lang;
    const input = (this.#in.input = make("input", {
      class: "input", type: "text", name: "q", role: "combobox", autocomplete: "off", spellcheck: "false", enterkeyhint: "search",
      maxlength: "2000", "aria-label": words.box, "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "list",
      placeholder: (this.getAttribute("placeholder") ?? this.#form?.elements.q?.placeholder) || words.hint,
      on: {
        compositionstart: () => (this.#composing = true),
        compositionend: () => { this.#composing = false; this.#hint(); },
        input: (event) => event.isComposing || this.#hint(),
        keydown: (event) => this.#key(event),
        blur: () => this.#close(),
      },
    }));
    input.value = value;
    this.#in.list = make("ul", { class: "list", id: "list", role: "listbox", "aria-label": words.box, hidden: true,
      on: { mousedown: (event) => event.preventDefault() } });
    const form = make("form", { class: "box", role: "search", "aria-label": this.getAttribute("label") || words.label,
      on: { submit: (event) => { event.preventDefault(); if (!this.#composing) this.#submit(); } } },
    make("div", { class: "field" }, input, make("button", { class: "go", type: "submit", "aria-label": words.go }, glass())), this.#in.list);
    this.#in.status = make("p", { class: "sr", role: "status" });
    while (wrap.firstChild) wrap.firstChild.remove();
    wrap.append(form);
    wrap.append(this.#in.status);
    this.#out = this.#findOut(lang);
    this.#paint();
    this.#drawOut();
  }

  // Results stand below the box, or in the element of the host that results="#id" names.
  #findOut(lang) {
    const place = this.getAttribute("results");
    const target = place && place[0] === "#" ? document.getElementById(place.slice(1)) : null;
    if (!target) {
      this.#in.wrap.append(this.#in.body);
      return this.#in.body;
    }
    if (!target.shadowRoot) {
      style(target.attachShadow({ mode: "open" }));
      target.shadowRoot.append(make("div", { class: "root" }, make("div", { class: "results" })));
    }
    const wrap = target.shadowRoot.firstElementChild;
    wrap.lang = lang;
    return wrap.firstElementChild;
  }

  // ---- asking

  #params(state) {
    const params = new URLSearchParams();
    if (state.q) params.append("q", state.q);
    for (let i = 0; i < SCOPE.length; i++) {
      const chosen = state[SCOPE[i]] || [];
      const values = chosen.length ? chosen : this.#scope(SCOPE[i]);
      for (let j = 0; j < values.length; j++) params.append(SCOPE[i], values[j]);
    }
    if (state.sort !== "relevance") params.append("sort", state.sort);
    if (state.page > 1) params.append("page", state.page);
    const size = Number(this.getAttribute("per-page"));
    if (size >= 1 && size <= 100) params.append("per_page", Math.floor(size));
    return params;
  }

  #submit() {
    this.#close();
    const state = { ...this.#state, q: this.#in.input.value.trim(), page: 1 };
    if (this.getAttribute("results") === "page") {
      const target = this.getAttribute("target") || "_self";
      if (this.#emit("search", state)) open(`${this.#base}search?${this.#params(state)}`, target, target === "_blank" ? "noopener" : undefined);
      return;
    }
    this.#state = state;
    this.#ask({ record: true });
  }

  async #ask({ record = false, focus = "" } = {}) {
    this.#asking?.abort();
    this.#hinting?.abort();
    clearTimeout(this.#wake);
    const state = this.#state;
    if (!this.#emit("search", { ...state })) return null;
    if (record) this.#record();
    const asking = (this.#asking = new AbortController());
    const url = `${this.#base}api/v1/search?${this.#params(state)}`;
    const out = this.#out;
    out.setAttribute("aria-busy", "true");
    const late = setTimeout(() => asking.abort("late"), TIMEOUT_MS);
    let answer = null;
    let problem = null;
    try {
      answer = await this.#get(url, asking.signal);
    } catch (error) {
      problem = error instanceof Refusal ? error : new Refusal("network", asking.signal.reason === "late" ? null : error);
      const known = this.#kept.get(url);
      if (known && problem.code === "network") (answer = known), (problem = null);
    }
    clearTimeout(late);
    if (this.#asking !== asking || (asking.signal.aborted && asking.signal.reason !== "late") || !this.isConnected) return null;
    out.removeAttribute("aria-busy");
    this.#problem = problem;
    if (problem) this.#fail(problem);
    else {
      this.#answer = answer;
      if (this.#kept.size >= KEPT) this.#kept.clear();
      this.#kept.set(url, answer);
    }
    this.#drawOut(focus);
    if (answer) this.#emit("results", { ...state, total: answer.total, reports: answer.reports ?? null, tookMs: answer.took_ms, hits: answer.hits });
    return answer;
  }

  async #get(url, signal) {
    const response = await fetch(url, { signal, credentials: "omit", headers: { Accept: "application/json" } });
    let body = null;
    try {
      body = await response.json();
    } catch (error) {
      if (signal.aborted) throw error;
    }
    if (response.ok && body) return body;
    const refusal = new Refusal(body?.error?.code || "failed", null, body?.error?.message);
    refusal.status = response.status;
    refusal.wait = Number(response.headers.get("Retry-After")) || 1;
    throw refusal;
  }

  #fail(problem) {
    if (problem.code === "origin_not_allowed") console.warn(`<xiesou-search>: ${WORDS.en.origin_not_allowed}`);
    if (problem.status === 429) this.#wake = setTimeout(() => this.#ask(), problem.wait * 1000);
    this.#emit("error", { code: problem.code, status: problem.status, message: this.#explain(problem) });
  }

  #explain(problem) {
    const words = this.#words;
    if (problem.status === 429) return words.wait(problem.wait);
    if (problem.code === "network") return navigator.onLine === false ? words.offline : words.unreachable;
    return words[problem.code] || problem.said || words.failed;
  }

  #emit(name, detail) {
    return this.dispatchEvent(new CustomEvent(`xiesou:${name}`, { bubbles: true, composed: true, cancelable: name === "search" || name === "select", detail }));
  }

  // ---- the address of the host page, where deep-link asks for it

  #record() {
    const key = this.#key_of_link;
    if (!key) return;
    const url = new URL(location.href);
    const state = this.#state;
    const names = linkNames(key);
    for (const name in names) url.searchParams.delete(names[name]);
    if (state.q) url.searchParams.append(key, state.q);
    for (let i = 0; i < GROUPS.length; i++) for (let j = 0; j < state[GROUPS[i]].length; j++) url.searchParams.append(names[GROUPS[i]], state[GROUPS[i]][j]);
    if (state.sort !== "relevance") url.searchParams.append(names.sort, state.sort);
    if (state.page > 1) url.searchParams.append(names.page, state.page);
    if (url.href !== location.href) history.pushState(history.state, "", url.href);
  }

  get #key_of_link() {
    return this.hasAttribute("deep-link") ? this.getAttribute("deep-link") || "q" : "";
  }

  // Reads the state that the address tells; whether there was one.
  #recall() {
    const key = this.#key_of_link;
    if (!key) return false;
    const state = noState();
    const names = linkNames(key);
    let told = false;
    new URL(location.href).searchParams.forEach((value, name) => {
      for (const field in names) {
        if (names[field] !== name) continue;
        told = true;
        if (field === "page") state.page = Math.max(1, Math.floor(Number(value)) || 1);
        else if (field === "q" || field === "sort") state[field] = value;
        else state[field][state[field].length] = value;
      }
    });
    if (told) {
      this.#state = state;
      this.#in.input.value = state.q;
      this.#ask();
    } else if (this.#answer || this.#problem) {
      this.#asking?.abort();
      this.#state = state;
      this.#answer = this.#problem = null;
      this.#in.input.value = "";
      this.#drawOut();
    }
    return told;
  }

  // ---- suggestions

  #hint() {
    clearTimeout(this.#pause);
    this.#hinting?.abort();
    const text = this.#in.input.value.trim();
    if (!text || this.#mute || this.getAttribute("suggest") === "off") return this.#close();
    this.#pause = setTimeout(async () => {
      const hinting = (this.#hinting = new AbortController());
      try {
        const answer = await this.#get(`${this.#base}api/v1/suggest?${new URLSearchParams({ q: text })}`, hinting.signal);
        if (!hinting.signal.aborted && !this.#composing) this.#offer(answer.suggestions || []);
      } catch (error) {
        if (error.status === 404) this.#mute = true; // a server without suggestions: searching goes on without them
        if (!hinting.signal.aborted) this.#close();
      }
    }, 120);
  }

  #offer(suggestions) {
    const { list, input } = this.#in;
    this.#close();
    for (let i = 0; i < suggestions.length && i < 8; i++) {
      const { text, count, url } = suggestions[i];
      const option = make("li", { role: "option", class: "option", id: `option-${i}`, "aria-selected": "false", lang: "zh-Hans",
        on: { click: () => this.#take(text, url) } }, make("span", { text: show(text) }), make("span", { class: "n", text: number(count ?? "") }));
      this.#options[i] = { node: option, text, url };
      list.append(option);
    }
    list.hidden = !this.#options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  #close() {
    const { list, input } = this.#in;
    clearTimeout(this.#pause);
    while (list.firstChild) list.firstChild.remove();
    this.#options = [];
    this.#at = -1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  // A suggested report is opened, other suggestions are searched for.
  #take(text, url) {
    if (url) return this.#close(), open(safe(url, this.#base), this.#target, "noopener");
    this.#in.input.value = text;
    this.#submit();
  }

  #key(event) {
    // A host's one-letter shortcuts must not hear what is typed here.
    if (!event.ctrlKey && !event.metaKey && !event.altKey && event.key !== "Tab") event.stopPropagation();
    if (this.#composing || event.isComposing || event.keyCode === 229) {
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    const { input } = this.#in;
    const many = this.#options.length;
    if (event.key === "Escape" && many) {
      event.preventDefault();
      this.#close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && many) {
      event.preventDefault();
      if (this.#at >= 0) this.#options[this.#at].node.setAttribute("aria-selected", "false");
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#at = this.#at < 0 && step < 0 ? many - 1 : this.#at + step >= many || this.#at + step < 0 ? -1 : this.#at + step;
      if (this.#at < 0) input.removeAttribute("aria-activedescendant");
      else {
        this.#options[this.#at].node.setAttribute("aria-selected", "true");
        input.setAttribute("aria-activedescendant", `option-${this.#at}`);
      }
    } else if (event.key === "Enter" && this.#at >= 0) {
      event.preventDefault();
      this.#take(this.#options[this.#at].text, this.#options[this.#at].url);
    }
  }

  // ---- showing

  #say(text) {
    this.#in.status.textContent = text;
  }

  #go(changes, focus) {
    this.#state = { ...this.#state, page: 1, ...changes };
    this.#ask({ record: true, focus });
  }

  #drawOut(focus = "") {
    const out = this.#out;
    while (out.firstChild) out.firstChild.remove();
    const words = this.#words;
    if (this.#problem) {
      const why = this.#explain(this.#problem);
      out.append(make("div", { class: "note" }, make("slot", { name: "error" },
        make("p", { text: show(why) }),
        make("p", {}, button("again", words.again, () => this.#ask({ focus: "count" })), " ", this.#all()))));
      this.#say(why);
    }
    this.#in.start.hidden = !!(this.#answer || this.#problem);
    if (!this.#in.start.hidden) this.#say("");
    if (!this.#answer) return;
    const answer = this.#answer;
    const groups = this.#groups(answer);
    const body = make("div", { class: groups ? "body" : "body plain" }, groups, this.#found(answer));
    out.append(body);
    if (!this.#problem) this.#say(answer.total ? this.#count(answer) : words.none);
    if (focus) this.#refocus(focus);
  }

  #refocus(key) {
    const nodes = this.#out.querySelectorAll("[data-key]");
    let found = this.#out.querySelector(".count");
    for (let i = 0; i < nodes.length; i++) if (nodes[i].dataset.key === key) found = nodes[i];
    if (!found) return;
    found.focus({ preventScroll: true });
    if (found.getBoundingClientRect().top < 0) found.scrollIntoView({ block: "start" });
  }

  #count(answer) {
    const words = this.#words;
    return words.found(number(answer.total)) + (answer.reports == null ? "" : words.from(number(answer.reports)));
  }

  #all() {
    return make("a", { class: "open", href: `${this.#base}search?${this.#params(this.#state)}`, target: this.#target, rel: "noopener",
      text: this.#words.all });
  }

  get #target() {
    return this.getAttribute("target") || "_blank";
  }

  #found(answer) {
    const words = this.#words;
    const state = this.#state;
    const column = make("div", { class: "column" });
    const sort = make("select", { class: "sort", "aria-label": words.sort, "data-key": "sort",
      on: { change: () => this.#go({ sort: sort.value }, "sort") } },
    make("option", { value: "relevance", text: words.relevance }), make("option", { value: "-year", text: words["-year"] }), make("option", { value: "year", text: words.year_ }));
    sort.value = state.sort;
    column.append(make("div", { class: "sum" }, make("p", { class: "count", tabindex: "-1", text: this.#count(answer) }), answer.total > 1 ? sort : null));
    const reading = answer.query?.reading;
    if (reading && state.q && reading !== state.q) column.append(make("p", { class: "soft", text: words.reading + show(reading) }));
    const notices = answer.notices || [];
    for (let i = 0; i < notices.length; i++) column.append(make("p", { class: "note", text: show(notices[i].message) }));
    const chips = this.#chips();
    if (chips) column.append(chips);
    if (!answer.hits.length) column.append(make("div", { class: "hit" }, make("slot", { name: "empty" }, make("p", { text: words.none }))));
    const hits = make("ol", { class: "hits" });
    for (let i = 0, tier = 1; i < answer.hits.length; i++) {
      hits.append(this.#hit(answer.hits[i], answer.hits[i].tier !== tier));
      tier = answer.hits[i].tier;
    }
    if (answer.hits.length) column.append(hits);
    column.append(this.#pages(answer) || "");
    column.append(make("p", { class: "foot" }, this.#all()));
    return column;
  }

  #hit(hit, tells) {
    const words = this.#words;
    const report = hit.report;
    const say = (value) => (value == null ? words.unknown : show(String(value)));
    const link = (href, text, name, extra) => make("a", { class: name, href: safe(href, this.#base), target: this.#target, rel: "noopener", text,
      on: { click: (event) => this.#emit("select", { hit, url: safe(href, this.#base) }) || event.preventDefault() } }, extra);
    const line = make("p", { class: "line", lang: "zh-Hans" }, link(report.url, `${say(report.city ?? report.province)} · ${say(report.year)} · ${say(report.type)}`, "report"));
    for (let i = 0; i < hit.heading.length; i++) line.append(" › ", make("span", { text: show(hit.heading[i]) }));
    const away = this.#target === "_blank" ? make("span", { class: "sr", text: words.newTab }) : null;
    return make("li", { class: "hit" },
      tells ? make("p", { class: "tier", text: words.partly }) : null,
      line, marked(hit.text, hit.spans), link(hit.url, words.open, "open", away));
  }

  #chips() {
    const words = this.#words;
    const list = make("ul", { class: "chips" });
    let many = 0;
    for (let i = 0; i < GROUPS.length; i++) {
      const field = GROUPS[i];
      const chosen = this.#state[field];
      for (let j = 0; j < chosen.length; j++, many++) {
        const value = chosen[j];
        list.append(make("li", {}, button("chip", `${show(value)} ×`, () => this.#go({ [field]: toggled(chosen, value) }, "count"),
          { "aria-label": `${words.drop} ${words[field]} ${value}` })));
      }
    }
    if (many > 1) list.append(make("li", {}, button("chip", words.clear, () => this.#go({ city: [], year: [], type: [], province: [] }, "count"))));
    return many ? list : null;
  }

  #groups(answer) {
    const words = this.#words;
    const asked = this.getAttribute("facets");
    const fields = asked === null ? ["city", "year", "type"] : split(asked);
    const panel = make("div", { class: this.#unfolded.all ? "facets shown" : "facets", part: "facets", id: "facets" });
    let chosen = 0;
    for (let i = 0; i < fields.length; i++) {
      if (!has(GROUPS, fields[i])) continue;
      const group = this.#group(fields[i], answer.facets[fields[i]] || []);
      if (group) panel.append(group);
      chosen += this.#state[fields[i]].length;
    }
    if (!panel.firstChild) return null;
    const opener = button("sheet", words.filter + (chosen ? ` (${chosen})` : ""), () => {
      this.#unfolded.all = panel.classList.toggle("shown");
      opener.setAttribute("aria-expanded", this.#unfolded.all);
    }, { "aria-controls": "facets", "aria-expanded": String(!!this.#unfolded.all) });
    return make("div", { class: "rail" }, opener, panel);
  }

  #group(field, values) {
    const words = this.#words;
    const scope = this.#scope(field);
    const shown = [];
    for (let i = 0; i < values.length; i++) {
      const value = values[i].value === null ? "未知" : String(values[i].value);
      const on = has(this.#state[field], value);
      if ((values[i].count || on) && inScope(scope, value)) insert(shown, { value, label: values[i].value === null ? words.unknown : value, count: values[i].count, on }, field === "year");
    }
    if (!shown.length || (scope.length && shown.length === 1 && !shown[0].on)) return null;
    const list = make("ul", {});
    const open = this.#unfolded[field];
    for (let i = 0; i < shown.length; i++) {
      const item = shown[i];
      if (!open && i >= 8 && !item.on) continue;
      const key = `${field} ${item.value}`;
      const value = button("value", undefined, () => this.#go({ [field]: toggled(this.#state[field], item.value) }, key), { "data-key": key, "aria-pressed": String(item.on) });
      value.append(make("span", { class: "v", text: show(item.label) }), make("span", { class: "n", text: number(item.count) }));
      list.append(make("li", {}, value));
    }
    const key = `more ${field}`;
    const fold = shown.length > 8 && button("more", open ? words.fewer : words.more(shown.length - 8), () => {
      this.#unfolded[field] = !open;
      this.#drawOut(key);
    }, { "data-key": key, "aria-expanded": String(!!open) });
    return make("div", { class: "group", role: "group", "aria-label": words[field] }, make("p", { class: "name", text: words[field] }), list, fold);
  }

  #pages(answer) {
    const words = this.#words;
    const size = answer.query.per_page;
    const last = Math.min(Math.ceil(answer.total / size), Math.floor(10000 / size));
    const page = answer.query.page;
    if (last < 2) return null;
    const turn = (to, text) => button("turn", text, () => this.#go({ page: to }, "count"));
    return make("div", { class: "pages" },
      page > 1 ? turn(Math.min(page - 1, last), words.previous) : null,
      make("span", { class: "soft", text: words.page(number(page), number(last)) }),
      page < last ? turn(page + 1, words.next) : null);
  }
}

// Why there is no answer: the server's own code and words, or "network" where there was no server.
class Refusal extends Error {
  constructor(code, cause, said) {
    super(said || code, { cause });
    this.code = code;
    this.said = said;
    this.status = 0;
  }
}

// Chosen ones first, then by count; years newest first.
function insert(list, item, byValue) {
  let at = list.length;
  const before = (a, b) => (byValue ? a.value > b.value : a.on !== b.on ? a.on : a.count > b.count);
  for (; at > 0 && before(item, list[at - 1]); at--) list[at] = list[at - 1];
  list[at] = item;
}

const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

function safe(address, base) {
  const url = new URL(address, base);
  return /^https?:$/.test(url.protocol) ? url.href : base;
}

function linkNames(key) {
  const names = { q: key };
  for (const field in noState()) if (field !== "q") names[field] = `${key}-${field}`;
  return names;
}

// Of several versions on one page the first stays.
if (!customElements.get("xiesou-search")) customElements.define("xiesou-search", XiesouSearch);
