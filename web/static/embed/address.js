// The address of the host's page, where deep-link asks for it: a state <-> its parameters.
import { each, push } from "./lists.js";
import { GROUPS, noState } from "./scope.js";

function namesOf(key) {
  const names = {};
  for (const field in noState()) names[field] = field === "q" ? key : `${key}-${field}`;
  return names;
}

// The state that the address tells; null where it tells none.
export function readAddress(key) {
  const state = noState();
  const names = namesOf(key);
  let told = false;
  new URL(location.href).searchParams.forEach((value, name) => {
    for (const field in names) {
      if (names[field] !== name) continue;
      told = true;
      if (field === "page") state.page = Math.max(1, Math.floor(Number(value)) || 1);
      else if (field === "q" || field === "sort" || field === "match") state[field] = value;
      else push(state[field], value);
    }
  });
  return told ? state : null;
}

// Writes the state, unless `allows` says that the host does it.
export function writeAddress(key, state, allows) {
  const url = new URL(location.href);
  const names = namesOf(key);
  for (const field in names) url.searchParams.delete(names[field]);
  if (state.q) url.searchParams.append(key, state.q);
  each(GROUPS, (field) => each(state[field], (value) => url.searchParams.append(names[field], value)));
  if (state.sort !== "relevance") url.searchParams.append(names.sort, state.sort);
  if (state.match === "all") url.searchParams.append(names.match, state.match);
  if (state.page > 1) url.searchParams.append(names.page, state.page);
  if (url.href === location.href || !allows(url.href)) return;
  try {
    history.pushState(entry(url), "", url.href);
  } catch {
    // an opaque origin (srcdoc, a local file, a sandbox) has no addresses of its own
  }
}

// The state of a new entry. Vue Router keeps the path in it, and would put that back when it goes on.
function entry(url) {
  const old = history.state;
  if (typeof old?.current !== "string" || /^#\//.test(url.hash)) return old;
  const path = /^[^?#]*/.exec(old.current)[0];
  return { ...old, back: old.current, current: path + url.search + url.hash, forward: null, replaced: false, position: (old.position || 0) + 1 };
}
