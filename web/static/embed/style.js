// One constructed style sheet for every element of a page: no inline style, nothing that a policy forbids.

const CSS = `
:host { display: block; }
:host([hidden]) { display: none; }
.root, .root * { box-sizing: border-box; }
.root { all: initial; display: block; direction: ltr; container-type: inline-size; color-scheme: light;
  --paper: var(--xiesou-paper, transparent); --ground: #fbf9f4; --sheet: var(--xiesou-sheet, #fbf9f4); --ink: var(--xiesou-ink, #1f1b16);
  --soft: var(--xiesou-soft, #5d554a); --rule: var(--xiesou-rule, #ddd5c6); --edge: var(--xiesou-edge, #8d8374);
  --seal: var(--xiesou-accent, #a83526); --wash: var(--xiesou-mark, #f8dfa8);
  --hover: var(--xiesou-hover, #f0e9db); --round: var(--xiesou-radius, 4px);
  --serif: var(--xiesou-text-font, "Songti SC", "Noto Serif CJK SC", SimSun, serif);
  font-family: var(--xiesou-font, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif);
  font-size: var(--xiesou-font-size, medium); line-height: 1.5; color: var(--ink); background: var(--paper);
  overflow-wrap: anywhere; text-align: start; font-variant-numeric: tabular-nums; text-autospace: normal; }
.root.dark { color-scheme: dark; --ground: #1c1916;
  --sheet: var(--xiesou-sheet, #26221d); --ink: var(--xiesou-ink, #ece5d8); --soft: var(--xiesou-soft, #b9af9f);
  --rule: var(--xiesou-rule, #3b352d); --edge: var(--xiesou-edge, #877c6c); --seal: var(--xiesou-accent, #f0917f);
   --wash: var(--xiesou-mark, #5c4417); --hover: var(--xiesou-hover, #38322a); }
.root.opaque { background: var(--xiesou-paper, var(--ground)); box-shadow: 0 0 0 8px var(--xiesou-paper, var(--ground)); }
ol, ul { list-style: none; margin: 0; padding: 0; }
p, h2, h3, h4, h5, h6 { margin: 0; font: inherit; }
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
.wait { padding-top: .9em; }
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
@media print { .go, .list, .sort, .rail, .pages, .open, .again { display: none !important; } .body { display: block !important; } .hit { break-inside: avoid; } }
@media (forced-colors: active) { mark { background: Mark; color: MarkText; } .value[aria-pressed=true]::before { background: Highlight; } }
`;

let shared;

export function style(root, css) {
  const sheet = css === undefined && shared ? shared : new CSSStyleSheet();
  if (css !== undefined) sheet.replaceSync(css);
  else if (!shared) (shared = sheet).replaceSync(CSS);
  root.adoptedStyleSheets[root.adoptedStyleSheets.length] = sheet;
}
