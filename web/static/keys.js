// j and k go from hit to hit, on results and in a report.
import { isTyping } from "./box.js";

export function wireKeys(root) {
  const hits = [...root.querySelectorAll("[data-hit], .has-hit")];
  if (!hits.length) return;
  let at = -1;
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key !== "j" && event.key !== "k") return;
    at = Math.min(hits.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)));
    hits[at].tabIndex = -1;
    hits[at].focus({ preventScroll: true });
    hits[at].scrollIntoView({ block: "center" });
  });
}
