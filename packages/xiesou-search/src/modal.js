// Registers <xiesou-search-modal>, and <xiesou-search>, which stands in it.
import "./index.js";
import "./embed/modal.js";
