import type { DefineComponent, Ref } from "vue";
import type { SearchAnswer, SearchOptions, XiesouSearch as Element, XiesouSearchEventMap, XiesouSearchOptions } from "./index.js";

export const XiesouSearch: DefineComponent<
  Partial<XiesouSearchOptions> & { renderHit?: Element["renderHit"] },
  {
    element: Ref<Element | null>;
    search(text: string, options?: SearchOptions): Promise<SearchAnswer | null>;
    clear(): void;
    focus(options?: FocusOptions): void;
  },
  {},
  {},
  {},
  {},
  {},
  {
    search: (event: XiesouSearchEventMap["xiesou-search"]) => void;
    results: (event: XiesouSearchEventMap["xiesou-results"]) => void;
    select: (event: XiesouSearchEventMap["xiesou-select"]) => void;
    address: (event: XiesouSearchEventMap["xiesou-address"]) => void;
    error: (event: XiesouSearchEventMap["xiesou-error"]) => void;
  }
>;
