// j and k go from hit to hit, on results and in a report, from where the reader is: what was focused or linked to last.
import { isTyping } from "./box.js";

export function wireKeys(root) {
  const hits = [...root.querySelectorAll("[data-hit], .has-hit")];
  if (!hits.length) return;
  let at = -1;
  const follow = (node) => {
    const found = hits.indexOf(node?.closest("[data-hit], .has-hit"));
    if (found >= 0) at = found;
  };
  let seen = "";
  const arrive = () => {
    if (location.hash !== seen) follow(root.getElementById(decodeURIComponent(location.hash.slice(1))));
    seen = location.hash;
  };
  root.addEventListener("click", (event) => {
    const link = event.defaultPrevented ? null : event.target.closest('a[href^="#p"]');
    if (link) follow(root.getElementById(link.hash.slice(1)));
  });
  root.addEventListener("focusin", (event) => follow(event.target));
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key !== "j" && event.key !== "k") return;
    arrive();
    at = Math.min(hits.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)));
    hits[at].tabIndex = -1;
    hits[at].focus({ preventScroll: true });
    hits[at].scrollIntoView({ block: "center" });
  });
}
