// Enhancements; every page works without them.
import { wireBox } from "./box.js";
import { wireCite } from "./cite.js";
import { wireCopy } from "./copy.js";
import { wireFacets } from "./facets.js";
import { wireKeys } from "./keys.js";
import { wireSuggest } from "./suggest.js";
import { wireTheme } from "./choose-theme.js";

wireSuggest(document);
wireBox(document);
wireCite(document);
wireCopy(document);
wireFacets(document);
wireKeys(document);
wireTheme(document);
if (document.querySelector("figure.plot svg")) import("./plots.js").then(({ wirePlots }) => wirePlots(document));
if (document.querySelector("[data-working]")) import("./progress.js").then(({ wireProgress }) => wireProgress(document));
if (document.querySelector("[data-working-set]")) import("./working-set.js").then(({ wireWorkingSet }) => wireWorkingSet(document));

// What keeps things comes where something is kept already, or when something is to be: most readers never need it.
let keeping = null;
const keep = () => (keeping ??= import("./keep.js").then(({ wireKeep }) => wireKeep(document)));
try {
  if (Object.keys(localStorage).some((key) => key.startsWith("xiesou:"))) keep();
} catch {
  // no storage: a button says so
}
addEventListener("storage", keep);
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("button.keep");
  if (button && !keeping) keep().then(() => button.click());
});
