// Registers <xiesou-search>. Name the search by its attribute `server`.
import { XiesouSearch, define } from "./embed/element.js";

define();

export { XiesouSearch };
