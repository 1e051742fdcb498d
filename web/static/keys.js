// j and k move between hits, on results and in a report, starting from the hit that was focused or linked to last. In a
// report they replace the address, so that the history isn't filled with hits. `?` shows the list of keys.
import { isTyping } from "./box.js";

export function wireKeys(root) {
  wireList(root);
  wireKeep(root);
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
    if (!link) return;
    follow(root.getElementById(link.hash.slice(1)));
    if (!link.matches("[data-step]") || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    location.replace(link.hash);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || !hits.includes(event.target)) return;
    event.target.querySelector("a[data-open]")?.click();
  });
  root.addEventListener("focusin", (event) => follow(event.target));
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key !== "j" && event.key !== "k") return;
    arrive();
    at = Math.min(hits.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)));
    if (hits[at].matches(".has-hit")) {
      location.replace(`#${hits[at].id}`);
      seen = location.hash;
    }
    hits[at].tabIndex = -1;
    hits[at].focus({ preventScroll: true });
    hits[at].scrollIntoView({ block: "center" });
  });
}

// `s` keeps the hit or paragraph that one is at.
function wireKeep(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "s" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.target.closest("[data-hit], .has-hit, .block")?.querySelector("button.keep")?.click();
  });
}

function wireList(root) {
  const list = root.getElementById("keys");
  if (!list?.togglePopover) return;
  root.addEventListener("keydown", (event) => {
    if (!/^[?？]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    list.togglePopover();
    if (list.matches(":popover-open")) list.focus({ preventScroll: true }); // the browser restores focus on close
  });
}
