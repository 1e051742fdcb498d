// Enhances pages that are complete without it.
import { wireBox } from "./box.js";
import { wireCopy } from "./copy.js";
import { wireFacets } from "./facets.js";
import { wireKeys } from "./keys.js";
import { wireTheme } from "./choose-theme.js";

wireBox(document);
wireCopy(document);
wireFacets(document);
wireKeys(document);
wireTheme(document);
