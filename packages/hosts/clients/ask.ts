// Asks a server by the clients that openapi-typescript, orval and openapi-generator make, and prints what each found.
import createClient from "openapi-fetch";
import type { SearchAnswer } from "xiesou-search";
import { Configuration, ApiApi } from "../built/clients/typescript-fetch";
import { getSearchUrl, type searchResponse200 } from "../built/clients/orval";
import type { components, paths } from "../built/clients/types";

const server = process.argv[2];
const asked = { q: "营商环境", city: ["通化市"] };
const print = (name: string, found: { total: number; hits: { report: { city?: string | null } }[] }, none: { total: number; explanation?: { code: string } | null }) =>
  console.log(name, found.total, found.hits[0].report.city, none.total, none.explanation?.code);
const absent = { q: '"绝无此词"' };

const fetching = createClient<paths>({ baseUrl: server });
const [found, none] = await Promise.all([asked, absent].map((query) => fetching.GET("/api/v1/search", { params: { query } })));
if (!found.data || !none.data) throw found.error ?? none.error;
print("openapi-typescript", found.data, none.data);

// what the npm package says of an answer is what the server describes
const described: components["schemas"]["SearchAnswer"] = found.data;
const ours: SearchAnswer = described;
void ours;

const generated = new ApiApi(new Configuration({ basePath: server }));
print("typescript-fetch", await generated.search(asked), await generated.search(absent));

const orval = async (query: { q: string; city?: string[] }) => (await (await fetch(server + getSearchUrl(query))).json()) as searchResponse200["data"];
print("orval", await orval(asked), await orval(absent));
