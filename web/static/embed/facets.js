// The groups of filters beside the results.
import { button, make, number, rove } from "./dom.js";
import { each, has, split, toggled } from "./lists.js";
import { GROUPS, inScope, scopeOf } from "./scope.js";
import { show } from "./text.js";

const SHOWN = 8;

// Chosen ones first, then by count; years newest first, unknown ones last.
function insert(list, item, byYear) {
  const before = (a, b) => (byYear ? (Number(a.value) || 0) > (Number(b.value) || 0) : a.on !== b.on ? a.on : a.count > b.count);
  let at = list.length;
  for (; at > 0 && before(item, list[at - 1]); at--) list[at] = list[at - 1];
  list[at] = item;
}

export function groupsOf(search, answer) {
  const { host, words, unfolded } = search;
  const asked = host.getAttribute("facets");
  const panel = make("div", { class: "facets", id: "facets" });
  let chosen = 0;
  const unfold = (open) => {
    panel.classList.toggle("shown", open);
    opener.ariaExpanded = String(open);
    unfolded.all = open;
  };
  const opener = button("sheet", "", () => unfold(!unfolded.all), { "aria-controls": "facets" });
  unfold(!!unfolded.all);
  each(split(asked ?? "city year type"), (field) => {
    const group = has(GROUPS, field) && groupOf(search, field, answer.facets[field] || []);
    if (group) panel.append(group);
    if (has(GROUPS, field)) chosen += search.state[field].length;
  });
  opener.textContent = words.filter + (chosen ? ` (${chosen})` : "");
  return panel.firstChild && make("div", { class: "rail" }, opener, panel);
}

function groupOf(search, field, values) {
  const { host, state, words, unfolded } = search;
  const scope = scopeOf(host, field);
  const listed = [];
  each(values, ({ value, count }) => {
    const item = { value: value === null ? "未知" : String(value), label: value ?? words.unknown, count };
    item.on = has(state[field], item.value);
    if ((count || item.on) && inScope(scope, item.value)) insert(listed, item, field === "year");
  });
  if (!listed.length || (scope.length && listed.length === 1 && !listed[0].on)) return null;
  const open = !!unfolded[field];
  const list = make("ul");
  each(listed, (item, i) => {
    if (i >= SHOWN && !open && !item.on) return;
    const key = `${field} ${item.value}`;
    const value = button("value", undefined, () => search.go({ [field]: toggled(state[field], item.value) }, key), { "data-key": key, "aria-pressed": String(item.on) });
    value.append(make("span", { class: "v", text: show(item.label) }), make("span", { class: "n", text: number(item.count) }));
    list.append(make("li", {}, value));
  });
  const key = `more ${field}`;
  const turn = () => {
    unfolded[field] = !open;
    search.draw(key);
  };
  const fold = listed.length > SHOWN && button("more", open ? words.fewer : words.more(listed.length - SHOWN), turn, { "data-key": key, "aria-expanded": String(open) });
  const group = make("div", { class: "group", role: "toolbar", "aria-orientation": "vertical", "aria-label": words[field] }, make("p", { class: "name", text: words[field] }), list, fold);
  rove(group);
  return group;
}
