// What editors are told of the elements: the custom-elements manifest, whose parts the tests hold against the code.
const attribute = (name, description, type = "string") => ({ name, description, type: { text: type } });

const ATTRIBUTES = [
  attribute("server", "The search's address"),
  attribute("city", "The scope: cities, with blanks or commas between"),
  attribute("year", "The scope: years and ranges, such as 2020..2024"),
  attribute("type", "The scope: types of reports"),
  attribute("province", "The scope: provinces"),
  attribute("report", "The scope: ids of reports"),
  attribute("q", "A search to begin with"),
  attribute("per-page", "Hits a page, 1 to 100", "number"),
  attribute("facets", "Groups of filters in order: city year type province, or none"),
  attribute("results", "page: the search's own results page; #id: into that element"),
  attribute("deep-link", "Keeps the search in the page's address under this name"),
  attribute("heading-level", "Of each hit's heading, 1 to 6", "number"),
  attribute("lang", "zh or en", '"zh" | "en"'),
  attribute("theme", "As the ground, if absent", '"light" | "dark"'),
  attribute("target", "Where links open"),
  attribute("placeholder", "The hint in the box"),
  attribute("label", "The name for screen readers"),
  attribute("suggest", "off: no suggestions", '"off"'),
];

const EVENTS = [
  ["xiesou-search", "Before a search; cancelling it stops it"],
  ["xiesou-results", "An answer is shown"],
  ["xiesou-select", "A hit or a suggested report is followed; cancelling it keeps it from opening"],
  ["xiesou-address", "Before deep-link writes the address; cancelling it leaves that to the host"],
  ["xiesou-error", "A search failed"],
];

const SLOTS = [
  ["start", "Shown before a search"],
  ["empty", "Shown where nothing was found"],
  ["error", "Shown where a search failed"],
  ["hit", "A template for each hit"],
];

const PARTS =
  "root box field input go list option results sum count sort chips chip rail sheet facets group value hits hit tier line text mark open pages turn note again wait foot".split(" ");

const COLOURS = "accent ink soft paper sheet hover rule edge mark radius font-size font text-font".split(" ");

const named = ([name, description]) => ({ name, description });
const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

export const manifest = {
  schemaVersion: "2.1.0",
  modules: [
    {
      kind: "javascript-module",
      path: "dist/index.js",
      declarations: [
        {
          kind: "class",
          customElement: true,
          tagName: "xiesou-search",
          name: "XiesouSearch",
          superclass: { name: "HTMLElement" },
          attributes: ATTRIBUTES.map((one) => ({ ...one, fieldName: camel(one.name) })),
          members: [
            { kind: "method", name: "search", description: "Searches; gives the answer, or null" },
            { kind: "method", name: "clear", description: "Forgets the search" },
            { kind: "field", name: "state", readonly: true },
            { kind: "field", name: "answer", readonly: true },
            { kind: "field", name: "renderHit", description: "The host's own look of a hit" },
          ],
          events: EVENTS.map((one) => ({ ...named(one), type: { text: "CustomEvent" } })),
          slots: SLOTS.map(named),
          cssParts: PARTS.map((name) => ({ name })),
          cssProperties: COLOURS.map((name) => ({ name: `--xiesou-${name}` })),
        },
      ],
      exports: [{ kind: "custom-element-definition", name: "xiesou-search", declaration: { name: "XiesouSearch", module: "dist/index.js" } }],
    },
  ],
};
