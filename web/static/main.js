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
