// /embed.js: <xiesou-search>, the search inside another site; docs/embedding.md tells how to use it.
//
// A guest: everything it draws is in its own shadow root, styled by a constructed style sheet; report text becomes
// text nodes only; it listens to no key outside itself and leaves nothing global but the element. Host pages patch
// what they like, so no method of Array.prototype is called in these modules, nor anything that iterates by it.
import { define } from "./element.js";

define(new URL(".", import.meta.url).href);
