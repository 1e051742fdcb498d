import { each } from "./lists.js";

export function make(tag, { text, on, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const name in attributes) {
    const value = attributes[name];
    if (value == null || value === false) continue;
    node.setAttribute(name, value);
    if (name === "class") node.setAttribute("part", value);
  }
  if (text !== undefined) node.textContent = text;
  for (const name in on) node.addEventListener(name, on[name]);
  each(children, (child) => child && node.append(child));
  return node;
}

export const button = (name, text, click, more) => make("button", { type: "button", class: name, text, on: { click }, ...more });

export const empty = (node) => {
  while (node.firstChild) node.firstChild.remove();
};

export function glass() {
  const draw = (tag, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    return node;
  };
  const svg = draw("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" });
  svg.append(draw("path", { d: "M13 8.5a4.7 4.7 0 1 1-9.4 0 4.7 4.7 0 0 1 9.4 0ZM12.2 12.2 17 17" }));
  return svg;
}

// One tab stop for a group of buttons; arrow keys move within it.
export function rove(group) {
  const stops = group.querySelectorAll("button");
  const stopAt = (chosen) => each(stops, (stop) => (stop.tabIndex = stop === chosen ? 0 : -1));
  stopAt(stops[0]);
  group.addEventListener("focusin", (event) => stopAt(event.target));
  group.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    let at = 0;
    each(stops, (stop, i) => stop === event.target && (at = i));
    stops[(at + step + stops.length) % stops.length].focus();
  });
}

export const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

// An address that may be followed; anything but http is the search itself.
export function safe(address, base) {
  const url = new URL(address, base);
  return /^https?:$/.test(url.protocol) ? url.href : base;
}
