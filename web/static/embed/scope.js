// What may be searched, and what is: the scope of the element, the choice of the reader within it.
import { each, filter, has, push, split } from "./lists.js";

export const GROUPS = ["city", "year", "type", "province"];
export const SCOPE = ["city", "year", "type", "province", "report"];

export const noState = () => ({ q: "", page: 1, sort: "relevance", match: "phrase", city: [], year: [], type: [], province: [] });

// The form that works without scripts. Parsers close a paragraph before a form: it is taken back from behind it.
export function formOf(host) {
  const own = host.querySelector("form");
  if (own || host.hasAttribute("server")) return own;
  const behind = (host.closest("p") || host).nextElementSibling;
  if (behind?.localName !== "form" || !behind.elements.q || !/\/search$/.test(behind.getAttribute("action"))) return null;
  host.append(behind);
  return behind;
}

// The values that an attribute names, else those of hidden fields: without their form too, which a parser drops in another.
export function scopeOf(host, name) {
  const own = host.getAttribute(name);
  if (own !== null) return split(own);
  const values = [];
  each(host.querySelectorAll("input[type=hidden]"), (field) => field.name === name && push(values, field.value));
  return values;
}

export function inScope(scope, value) {
  let within = !scope.length;
  each(scope, (one) => {
    const range = /^(\d{4})(?:\.\.|-|–)(\d{4})$/.exec(one);
    within ||= one === value || (range && value >= range[1] && value <= range[2]);
  });
  return within;
}

// The filters of a state: what is chosen, never beyond the scope; the scope where nothing is.
export function filters(host, state) {
  const params = new URLSearchParams();
  each(SCOPE, (name) => {
    const scope = scopeOf(host, name);
    const chosen = filter(state[name] || [], (value) => inScope(scope, value));
    each(chosen.length ? chosen : scope, (value) => params.append(name, value));
  });
  return params;
}

// What a host asks for by method, in the shape of a state.
export function toState(text, options) {
  const state = { ...noState(), q: String(text ?? "").trim() };
  for (const name in options) if (name in state && name !== "q") state[name] = has(GROUPS, name) ? split(String(options[name])) : options[name];
  return state;
}
