// An answer, or the reason why there is none -> what is shown below the box.
import { button, empty, make, number, safe } from "./dom.js";
import { groupsOf } from "./facets.js";
import { each, toggled } from "./lists.js";
import { GROUPS, noState } from "./scope.js";
import { marked, show } from "./text.js";

// Below the heading that the element stands under.
function levelOf(host) {
  let level = 2;
  each(document.querySelectorAll("h1, h2, h3, h4, h5"), (heading) => heading.compareDocumentPosition(host) & 4 && (level = Number(heading.localName[1]) + 1));
  return host.getAttribute("heading-level") || level;
}

const MAX_HITS = 10000; // nobody can page further

export function drawResults(search, out) {
  empty(out);
  const { answer, problem, words } = search;
  if (problem) {
    const again = make("p", {}, button("again", words.again, () => search.ask({ focus: "count" })), " ", wholeOf(search));
    out.append(make("div", { class: "note" }, make("slot", { name: "error" }, make("p", { text: show(search.why) }), again)));
  }
  if (!answer) return;
  const groups = groupsOf(search, answer);
  out.append(make("div", { class: groups ? "body" : "body plain" }, groups, foundOf(search, answer)));
}

export const countOf = ({ words }, answer) => words.found(number(answer.total)) + (answer.reports == null ? "" : words.from(number(answer.reports)));

// The same search on the search's own page.
const wholeOf = (search) => make("a", { class: "open", href: search.page, target: search.target, rel: "noopener", text: search.words.all });

function foundOf(search, answer) {
  const { words, state } = search;
  const column = make("div", { class: "column" });
  column.append(make("div", { class: "sum" }, make("p", { class: "count", tabindex: "-1", text: countOf(search, answer) }), answer.total > 1 && sortOf(search)));
  const beside = besideOf(search, answer);
  if (beside) column.append(beside);
  const reading = answer.query?.reading;
  if (reading && state.q && reading !== state.q) column.append(make("p", { class: "soft", text: words.reading + show(reading) }));
  each(answer.notices || [], (notice) => column.append(make("p", { class: "note", text: show(notice.message) })));
  const hits = make("ol", { class: "hits" });
  let tier = 1;
  each(answer.hits, (hit, i) => {
    hits.append(hitOf(search, hit, i, hit.tier !== tier && words.tiers[hit.tier - 1]));
    tier = hit.tier;
  });
  if (!answer.hits.length) hits.append(make("li", { class: "hit" }, make("slot", { name: "empty" }, make("p", { text: words.none }))));
  column.append(chipsOf(search) || "", hits, pagesOf(search, answer) || "", make("p", { class: "foot" }, wholeOf(search)));
  return column;
}

// What tier 2 would add to the count or adds to it, and the switch.
function besideOf(search, answer) {
  const { words, state } = search;
  const all = state.match === "all";
  let more = 0;
  each(answer.tiers || [], (tier) => tier.tier === 2 && (more = tier.total));
  if (!more && !all) return null;
  const turn = button("again", all ? words.written : words.countToo, () => search.go({ match: all ? "phrase" : "all" }, "count"));
  return make("p", { class: "soft" }, (all ? words.ofThem : words.another)(number(more)), " ", turn);
}

function sortOf(search) {
  const { words, state } = search;
  const sort = make("select", { class: "sort", "aria-label": words.sort, "data-key": "sort", on: { change: () => search.go({ sort: sort.value }, "sort") } },
    make("option", { value: "relevance", text: words.relevance }), make("option", { value: "-year", text: words.newest }), make("option", { value: "year", text: words.oldest }));
  sort.value = state.sort;
  return sort;
}

function hitOf(search, hit, i, tells) {
  const { host, words, base, target, answer } = search;
  const { report } = hit;
  const rank = (answer.query.page - 1) * answer.query.per_page + i + 1;
  const say = (value) => (value == null ? words.unknown : show(value));
  const follow = (event) => {
    const url = event.currentTarget.href;
    if (!search.emit("select", { hit, rank, url })) event.preventDefault();
  };
  const link = (name, text, href, more) => make("a", { class: name, href: safe(href, base), target, rel: "noopener", text, on: { click: follow }, ...more });
  const item = make("li", { class: "hit" }, tells && make("p", { class: "tier", text: tells }));
  const parts = { city: say(report.city ?? report.province), province: say(report.province), year: say(report.year), type: say(report.type), title: say(report.title) };
  const template = host.querySelector("template[slot=hit]");
  if (host.renderHit) item.append(host.renderHit(hit, rank) ?? "");
  else if (template) item.append(filled(template, parts, hit, link));
  else {
    const away = target === "_blank" && make("span", { class: "sr", text: words.newTab });
    const line = link("report", `${parts.city} · ${parts.year} · ${parts.type}`, hit.url);
    if (away) line.append(away);
    const heading = make(`h${levelOf(host)}`, { class: "line", lang: "zh-Hans" }, line);
    each(hit.heading, (text) => heading.append(" › ", make("span", { text: show(text) })));
    // the same address once more, for the mouse alone: keyboards and screen readers have the heading
    item.append(heading, marked(hit.text, hit.spans), hit.why ? make("p", { class: "soft", text: whyOf(words, hit.why) }) : "", link("open", words.open, hit.url, { tabindex: "-1", "aria-hidden": "true" }));
  }
  return item;
}

// Where a hit of tier 2 has the chunks that don't stand in its text uncut.
function whyOf(words, why) {
  let said = "";
  each(why, ({ chunk, found }) => (said += (said && " · ") + `“${show(chunk)}”${words.why[found]}`));
  return said;
}

// The host's own look: a template whose slots are filled by name and whose links with data-link are led to the paragraph.
function filled(template, parts, hit, link) {
  const copy = document.importNode(template.content, true);
  each(copy.querySelectorAll("slot[name]"), (slot) => {
    if (slot.name === "text") slot.replaceWith(marked(hit.text, hit.spans));
    else if (slot.name === "heading") slot.replaceWith(show(hit.heading[hit.heading.length - 1] ?? ""));
    else if (slot.name in parts) slot.replaceWith(parts[slot.name]);
  });
  each(copy.querySelectorAll("[data-link]"), (place) => {
    const led = link(null, undefined, place.dataset.link === "report" ? hit.report.url : hit.url, { part: place.getAttribute("part") });
    while (place.firstChild) led.append(place.firstChild);
    place.replaceWith(led);
  });
  return copy;
}

function chipsOf(search) {
  const { words, state } = search;
  const list = make("ul", { class: "chips" });
  const chip = (text, click, said) => list.append(make("li", {}, button("chip", text, click, { "aria-label": said })));
  each(GROUPS, (field) => each(state[field], (value) =>
    chip(`${show(value)} ×`, () => search.go({ [field]: toggled(state[field], value) }, "count"), `${words.drop} ${words[field]} ${value}`)));
  const { city, year, type, province } = noState();
  if (list.childElementCount > 1) chip(words.clear, () => search.go({ city, year, type, province }, "count"));
  return list.firstChild && list;
}

// How many hits all pages have: those counted, tier 2 where tier 1 has fewer than ten, and partial matches.
function pagedOf({ total, tiers, match }) {
  if (!tiers) return total;
  let paged = 0;
  each(tiers, ({ tier, total: found, listed }) => {
    if (tier !== 2 || match === "all" || paged < 10) paged += listed ?? found;
  });
  return paged;
}

function pagesOf(search, answer) {
  const { words } = search;
  const { page, per_page: size } = answer.query;
  const last = Math.min(Math.ceil(pagedOf(answer) / size), Math.floor(MAX_HITS / size));
  if (last < 2) return null;
  const turn = (to, text) => to >= 1 && to <= last && button("turn", text, () => search.go({ page: to }, "count"));
  return make("div", { class: "pages" },
    turn(Math.min(page - 1, last), words.previous), make("span", { class: "soft", text: words.page(number(page), number(last)) }), turn(page + 1, words.next));
}
