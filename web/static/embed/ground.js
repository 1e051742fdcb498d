// Light or dark: as asked, else by the ground that the element stands on. Where no colour can be told, or neither of our
// inks is legible on it, the element lays its own paper.
import { each } from "./lists.js";

const LIGHT = 0.59; // luminance of the darkest ground on which the soft ink of the light theme has a contrast of 4.5
const DARK = 0.057; // and of the lightest for the dark theme
const MIDDLE = 0.18;

// Any colour as parts of sRGB and alpha, 0 to 1. CSS does the conversion (oklch(), lab(), color-mix()): a canvas would
// do it too, but browsers that protect against fingerprints give noise for its pixels.
function resolve(probe, colour) {
  probe.style.color = "";
  probe.style.color = `color-mix(in srgb, ${colour}, ${colour})`;
  const parts = [];
  getComputedStyle(probe).color.replace(/^color\(srgb|[-\d.e]+|none/g, (part) => /\(/.test(part) || (parts[parts.length] = Math.min(1, Math.max(0, Number(part) || 0))));
  if (parts.length < 4) parts[3] = 1;
  return parts;
}

function luminance(colour) {
  const linear = (i) => (colour[i] <= 0.04045 ? colour[i] / 12.92 : ((colour[i] + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2);
}

const above = (node) => node.assignedSlot || node.parentElement || node.getRootNode().host;

// The luminance of what lies under the node, translucent layers composed; null where that is a picture.
function groundOf(node, probe) {
  const seen = [0, 0, 0];
  let left = 1; // how much shows through the layers so far
  const lay = (colour) => {
    each(seen, (part, i) => (seen[i] = part + left * colour[3] * colour[i]));
    left *= 1 - colour[3];
  };
  for (let at = node; at && left > 0.01; at = above(at)) {
    const style = getComputedStyle(at);
    if (at === node) lay(resolve(probe, style.getPropertyValue("--xiesou-paper") || "transparent"));
    if (style.backgroundImage !== "none") return null;
    lay(resolve(probe, style.backgroundColor));
  }
  probe.style.colorScheme = getComputedStyle(document.documentElement).colorScheme;
  lay(resolve(probe, "Canvas"));
  return luminance(seen);
}

export function paint(root, host, theme) {
  const probe = document.createElement("i");
  probe.hidden = true;
  root.before(probe);
  const ground = groundOf(host, probe);
  const dark = theme ? theme === "dark" : ground === null ? luminance(resolve(probe, getComputedStyle(host).color)) > MIDDLE : ground < MIDDLE;
  probe.remove();
  root.classList.toggle("dark", dark);
  root.classList.toggle("opaque", ground === null || (dark ? ground > DARK : ground < LIGHT));
}

// Calls `repaint` whenever the ground may have changed: attributes above the node, style sheets, ends of transitions.
export function watchGround(node, repaint, signal) {
  let asked = 0;
  const later = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(repaint);
  };
  const watch = new MutationObserver(later);
  const listen = (target, name) => target.addEventListener(name, later, { signal, capture: true });
  for (let at = node; at; at = above(at)) {
    watch.observe(at, { attributes: true, attributeFilter: at === node ? ["class", "style"] : undefined });
    listen(at.getRootNode(), "transitionend");
    listen(at.getRootNode(), "animationend");
  }
  watch.observe(document.head, { childList: true, subtree: true, characterData: true });
  listen(matchMedia("(prefers-color-scheme: dark)"), "change");
  listen(window, "load");
  listen(node, "focusin");
  listen(node, "pointerenter");
  signal.addEventListener("abort", () => watch.disconnect());
  repaint();
}
