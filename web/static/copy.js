// "复制链接" copies the link's address, "复制" a text; if the clipboard is blocked, the link is followed.
const SAID_MS = 1500;

export function wireCopy(root) {
  if (!navigator.clipboard) return;
  root.addEventListener("click", async (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-copy], a[data-copy-text]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const text = link.dataset.copyText ? document.getElementById(link.dataset.copyText).innerText.trim() : link.href;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      location.assign(link.href);
      return;
    }
    if (link.classList.contains("mark-n")) history.replaceState(null, "", link.hash);
    say(link);
  });
}

function say(link) {
  if (link.dataset.before) return;
  link.dataset.before = link.textContent;
  link.textContent = link.dataset.said || "✓";
  link.setAttribute("aria-live", "polite");
  setTimeout(() => {
    link.textContent = link.dataset.before;
    delete link.dataset.before;
  }, SAID_MS);
}
