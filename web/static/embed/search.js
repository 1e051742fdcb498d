// One element's search: its state, the question under way, and what is known of the answer.
import { readAddress, writeAddress } from "./address.js";
import { Refusal, get, isMixed } from "./ask.js";
import { Box } from "./box.js";
import { make } from "./dom.js";
import { each } from "./lists.js";
import { countOf, drawResults } from "./results.js";
import { filters, formOf, noState } from "./scope.js";
import { wordsOf } from "./words.js";

const KEPT = 30; // answers remembered, for paging back and for lost connections
const SLOW_MS = 300; // nothing moves before

export class Search {
  state = noState();
  answer = null;
  problem = null;
  unfolded = {}; // groups of filters that the reader unfolded
  out = make("div", { class: "results", part: "results" });
  status = make("p", { class: "sr", role: "status" });
  blocked = ""; // the rule of the host's policy that keeps us from asking
  #asking = null; // aborted when another search begins
  #wake = 0;
  #kept = new Map();

  constructor(host, home, redrawn) {
    this.host = host;
    this.home = home;
    this.redrawn = redrawn;
    this.form = formOf(host);
    this.box = new Box(this);
  }

  get words() {
    return wordsOf(this.host.lang);
  }

  get base() {
    const own = this.host.getAttribute("server");
    if (own) return new URL(own.replace(/\/*$/, "/"), document.baseURI).href;
    const action = this.form?.getAttribute("action");
    return action ? new URL(".", new URL(action, document.baseURI)).href : this.home;
  }

  get target() {
    return this.host.getAttribute("target") || "_blank";
  }

  get page() {
    return `${this.base}search?${this.params()}`;
  }

  get key() {
    return this.host.hasAttribute("deep-link") ? this.host.getAttribute("deep-link") || "q" : "";
  }

  params() {
    const { host, state } = this;
    const params = new URLSearchParams();
    if (state.q) params.append("q", state.q);
    filters(host, state).forEach((value, name) => params.append(name, value));
    if (state.sort !== "relevance") params.append("sort", state.sort);
    if (state.match === "all") params.append("match", state.match);
    if (state.page > 1) params.append("page", state.page);
    const size = Number(host.getAttribute("per-page"));
    if (size >= 1 && size <= 100) params.append("per_page", Math.floor(size));
    if (this.words.code === "en") params.append("lang", "en");
    return params;
  }

  emit(name, detail) {
    const cancelable = name !== "results" && name !== "error";
    return this.host.dispatchEvent(new CustomEvent(`xiesou-${name}`, { bubbles: true, composed: true, cancelable, detail }));
  }

  submit(q) {
    if (this.host.getAttribute("results") !== "page") return this.go({ q });
    this.state = { ...this.state, q, page: 1 };
    if (this.emit("search", { ...this.state })) this.open(this.page, this.host.getAttribute("target") || "_self");
  }

  open(url, target) {
    open(url, target, target === "_blank" ? "noopener" : undefined);
  }

  // Opens what a suggestion names, unless the host does it.
  follow(url, detail) {
    if (this.emit("select", { ...detail, url })) this.open(url, this.target);
  }

  go(changes, focus) {
    this.state = { ...this.state, page: 1, ...changes };
    return this.ask({ record: true, focus });
  }

  set(state) {
    this.stop();
    this.state = state;
    this.box.input.value = state.q;
    this.box.close();
  }

  clear() {
    this.set(noState());
    this.answer = this.problem = null;
    this.draw();
  }

  record() {
    if (this.key) writeAddress(this.key, this.state, (url) => this.emit("address", { url, state: { ...this.state } }));
  }

  // Takes up the state that the address tells; whether there was one.
  recall() {
    const told = this.key && readAddress(this.key);
    if (told) {
      this.set(told);
      this.ask();
    } else if (this.key && (this.answer || this.problem)) this.clear();
    return told;
  }

  // Ends what is under way; whether there was something.
  stop() {
    const asked = this.out.ariaBusy === "true";
    this.#asking?.abort();
    clearTimeout(this.#wake);
    this.out.ariaBusy = null;
    return asked;
  }

  async ask({ record = false, focus = "", tries = 0 } = {}) {
    this.stop();
    this.box.close();
    const state = { ...this.state };
    if (!this.emit("search", { ...state })) return null;
    if (record) this.record();
    const asking = (this.#asking = new AbortController());
    this.out.ariaBusy = "true";
    const slow = setTimeout(() => this.#wait(), SLOW_MS);
    const url = `${this.base}api/v1/search?${this.params()}`;
    let answer = null;
    let problem = null;
    try {
      if (!this.base) throw new Refusal("homeless");
      answer = await get(url, asking, tries);
    } catch (error) {
      problem = error;
      await new Promise((done) => setTimeout(done)); // what a policy blocked is told a moment later
      if (problem.code === "network" && (answer = this.#kept.get(url) || null)) problem = null;
    }
    clearTimeout(slow);
    if (this.#asking !== asking || (asking.signal.aborted && asking.signal.reason !== "late")) return null;
    this.out.ariaBusy = null;
    this.problem = problem;
    if (problem) this.#fail(problem, tries);
    else this.#keep(url, answer);
    this.draw(focus);
    if (answer) this.emit("results", { ...state, total: answer.total, reports: answer.reports ?? null, tookMs: answer.took_ms, hits: answer.hits });
    return answer;
  }

  #wait() {
    this.status.textContent = this.words.busy;
    if (!this.out.firstChild) this.out.append(make("p", { class: "wait soft", text: this.words.busy }));
  }

  #keep(url, answer) {
    this.answer = answer;
    if (this.#kept.size >= KEPT) this.#kept.clear();
    this.#kept.set(url, answer);
  }

  #fail(problem, tries) {
    if (problem.code === "origin_not_allowed") console.warn(`<xiesou-search>: ${wordsOf("en").refused(location.origin)}`);
    else if (!problem.status) console.warn(`<xiesou-search>: ${this.why}`);
    if (problem.wait) this.#wake = setTimeout(() => this.ask({ tries: tries + 1 }), problem.wait * 1000);
    this.emit("error", { code: problem.code, status: problem.status, message: this.why });
  }

  // What is wrong, in words for the reader and, where the host is at fault, for its owner.
  get why() {
    const { words, base, problem } = this;
    const server = base && new URL(base).origin;
    if (problem.code === "origin_not_allowed" && location.origin === "null") return words.opaque;
    if (problem.code === "origin_not_allowed" && words.refused) return words.refused(location.origin);
    if (problem.wait) return (problem.status === 429 ? words.wait : words.down)(problem.wait);
    if (problem.code !== "network") return words[problem.code] || problem.said || words.failed;
    if (this.blocked) return words.blocked(this.blocked, server);
    return isMixed(base) ? words.mixed(server) : navigator.onLine === false ? words.offline : words.unreachable;
  }

  draw(focus) {
    const { answer, problem, words, out } = this;
    drawResults(this, out);
    this.status.textContent = problem ? this.why : answer ? (answer.total ? countOf(this, answer) : words.none) : "";
    this.redrawn();
    if (!focus || !answer) return;
    let found = out.querySelector(".count");
    each(out.querySelectorAll("[data-key]"), (node) => node.dataset.key === focus && (found = node));
    found.focus({ preventScroll: true });
    if (found.getBoundingClientRect().top < 0) found.scrollIntoView({ block: "start" });
  }
}
