// "复制链接" copies the address in place of going there; where copying is not allowed, the link stays a link.
export function wireCopy(root) {
  if (!navigator.clipboard) return;
  root.addEventListener("click", async (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-copy]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      location.assign(link.href);
      return;
    }
    if (link.hash && link.classList.contains("mark-n")) history.replaceState(null, "", link.hash);
    say(link);
  });
}

function say(link) {
  if (link.dataset.said) return;
  const before = link.textContent;
  link.dataset.said = "yes";
  link.textContent = link.classList.contains("mark-n") ? "✓" : "已复制";
  link.setAttribute("aria-live", "polite");
  setTimeout(() => {
    link.textContent = before;
    delete link.dataset.said;
  }, 1500);
}
