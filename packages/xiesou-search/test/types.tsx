// Compiled, not run: hosts in TypeScript use the types so.
import { createElement, createRef } from "react";
import type { SearchAnswer, XiesouSearch as Element } from "xiesou-search";
import "xiesou-search/modal";
import { XiesouSearch } from "xiesou-search/react";
import { XiesouSearch as VueSearch } from "xiesou-search/vue";

const element = document.querySelector("xiesou-search")!;
element.city = ["四平市", "辽源市"];
element.perPage = 5;
element.addEventListener("xiesou-results", (event) => event.detail.total.toFixed());
document.addEventListener("xiesou-select", (event) => event.detail.url.length);
element.renderHit = (hit) => document.createTextNode(hit.report.city ?? hit.text);
const answer: Promise<SearchAnswer | null> = element.search("营商环境", { year: [2023], sort: "-year" });
void answer.then((found) => found?.facets.city[0].count);
document.querySelector("xiesou-search-modal")?.open();

const ref = createRef<Element>();
createElement(XiesouSearch, { ref, server: "https://s.example", city: ["四平市"], deepLink: true, className: "x", onResults: (event) => event.detail.tookMs });
// @ts-expect-error no such sorting
void element.search("x", { sort: "best" });
const vue: typeof VueSearch = VueSearch;
void vue;
