// A report's text -> what is shown of it, highlights marked. Text nodes only.
import { make } from "./dom.js";
import { each, push } from "./lists.js";

const WHOLE = 360; // code points of a paragraph that is shown whole
const AROUND = 70; // code points of context about a highlight in a longer one

// Spans count code points, strings count UTF-16 units: a text is cut into its code points once.
function toPoints(text) {
  const points = [];
  for (let i = 0; i < text.length; i += points[points.length - 1].length) push(points, String.fromCodePoint(text.codePointAt(i)));
  return points;
}

// What a page can't show is shown as its picture: controls as U+2400 …, half a pair as U+FFFD.
export const show = (text) =>
  String(text).replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, (c) => {
    const code = c.charCodeAt(0);
    return code < 32 ? String.fromCharCode(0x2400 + code) : code === 127 ? "\u2421" : "\ufffd";
  });

function join(points, from, to) {
  let text = "";
  for (let i = from; i < to; i++) text += points[i];
  return show(text);
}

// Stretches of a long paragraph about its first highlights; a short one is one stretch.
function excerpt(points, spans) {
  const parts = [];
  if (points.length <= WHOLE) return push(parts, [0, points.length]);
  each(spans, (span) => {
    let from = span[0];
    const earliest = Math.max(0, from - AROUND);
    while (from > earliest && !/[。！？；\n]/.test(points[from - 1])) from--;
    const to = Math.min(points.length, span[1] + AROUND);
    const last = parts[parts.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (parts.length < 3) push(parts, [from, to]);
  });
  return parts.length ? parts : push(parts, [0, WHOLE / 2]);
}

export function marked(text, spans) {
  const node = make("p", { class: "text", lang: "zh-Hans" });
  const points = toPoints(text);
  let shown = 0;
  each(excerpt(points, spans), (part) => {
    let at = part[0];
    if (at > shown) node.append("……");
    each(spans, (span) => {
      const from = Math.max(at, span[0]);
      const to = Math.min(part[1], span[1]);
      if (to <= from) return;
      node.append(join(points, at, from), make("mark", { class: "mark", text: join(points, from, to) }));
      at = to;
    });
    node.append(join(points, at, (shown = part[1])));
  });
  if (shown < points.length) node.append("……");
  return node;
}
