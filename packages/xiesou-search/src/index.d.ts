/** A search, as methods take it and events tell it. */
export interface SearchState {
  q: string;
  page: number;
  sort: "relevance" | "year" | "-year";
  match: "phrase" | "all";
  city: string[];
  year: string[];
  type: string[];
  province: string[];
}

export interface SearchOptions {
  page?: number;
  sort?: SearchState["sort"];
  match?: SearchState["match"];
  city?: string | readonly string[];
  year?: string | number | readonly (string | number)[];
  type?: string | readonly string[];
  province?: string | readonly string[];
}

export interface ReportRef {
  id: string;
  title: string | null;
  city: string | null;
  province: string | null;
  year: number | null;
  type: string | null;
  url: string;
}

/** A paragraph that was found; `spans` are half open, in code points. */
export interface Hit {
  id: string;
  report: ReportRef;
  heading: string[];
  text: string;
  spans: number[][];
  score: number;
  tier: number; // 1, 2 or 3
  occurrences: number;
  why?: { chunk: string; found: "apart" | "heading" | "title" | "synonym" }[];
  url: string;
}

export interface FacetValue {
  value: string | number | null;
  count: number;
  selected: boolean;
}

/** The answer of /api/v1/search; docs/api.md of the server describes all of it. */
export interface SearchAnswer {
  total: number;
  reports: number | null;
  match: "phrase" | "all";
  tiers: { tier: number; name: string; total?: number; occurrences?: number; reports?: number; listed?: number }[];
  hits: Hit[];
  facets: Record<"city" | "year" | "type" | "province", FacetValue[]>;
  notices: { code: string; message: string; position: number | null }[];
  took_ms: number;
}

export interface Suggestion {
  text: string;
  kind: string;
  count: number;
  url: string | null;
}

export interface XiesouSearchEventMap {
  /** Before a search; cancelling it stops it. */
  "xiesou-search": CustomEvent<SearchState>;
  "xiesou-results": CustomEvent<SearchState & { total: number; reports: number | null; tookMs: number; hits: Hit[] }>;
  /** A hit's link or a suggested report is followed; cancelling it keeps it from opening. */
  "xiesou-select": CustomEvent<{ url: string } & ({ hit: Hit; rank: number } | { suggestion: Suggestion })>;
  /** Before deep-link writes the address; cancelling it leaves that to the host. */
  "xiesou-address": CustomEvent<{ url: string; state: SearchState }>;
  "xiesou-error": CustomEvent<{ code: string; status: number; message: string }>;
}

/** The attributes as properties; null where an attribute is absent. */
export interface XiesouSearchOptions {
  /** The search's address. */
  server: string | null;
  /** The scope: names with blanks or commas between, or a list. */
  city: string | readonly string[] | null;
  province: string | readonly string[] | null;
  /** Years and ranges such as 2020..2024. */
  year: string | number | readonly (string | number)[] | null;
  type: string | readonly string[] | null;
  report: string | readonly string[] | null;
  /** A search to begin with. */
  q: string | null;
  perPage: string | number | null;
  /** Which groups of filters, in order: city, year, type, province; or none. */
  facets: string | readonly string[] | null;
  /** "page", or "#id" of the element in which results stand. */
  results: string | null;
  /** Keeps the search in the page's address under this name; true: q. */
  deepLink: string | boolean | null;
  headingLevel: string | number | null;
  theme: "light" | "dark" | (string & {}) | null;
  target: string | null;
  placeholder: string | null;
  label: string | null;
  suggest: "off" | (string & {}) | null;
}

export interface XiesouSearch extends XiesouSearchOptions {
  addEventListener<K extends keyof XiesouSearchEventMap>(
    type: K,
    listener: (this: XiesouSearch, event: XiesouSearchEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

export class XiesouSearch extends HTMLElement {
  /** The host's own look of a hit. */
  renderHit: ((hit: Hit, rank: number) => Node | null) | null;
  /** The state that is shown, a copy. */
  readonly state: Partial<SearchState>;
  readonly answer: SearchAnswer | null;
  /** Searches; null where it failed or another search came between. */
  search(text: string, options?: SearchOptions): Promise<SearchAnswer | null>;
  /** Forgets the search and shows the start state. */
  clear(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "xiesou-search": XiesouSearch;
  }
  interface GlobalEventHandlersEventMap extends XiesouSearchEventMap {}
}
