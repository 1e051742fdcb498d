// "引用" shows the citation beneath the paragraph; without scripts the link opens it as a page.
export function wireCite(root) {
  root.addEventListener("click", async (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-cite]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const place = link.closest(".actions");
    const open = place.parentElement.querySelector(":scope > .citations");
    if (open) {
      open.remove();
      link.removeAttribute("aria-expanded");
      return;
    }
    const answer = await fetch(link.href).catch(() => null);
    if (!answer || !answer.ok) {
      location.assign(link.href);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const shown = document.importNode(page.querySelector("[data-citations]"), true);
    const prefix = `${place.parentElement.id}-`;
    for (const node of shown.querySelectorAll("[id]")) node.id = prefix + node.id;
    for (const copy of shown.querySelectorAll("[data-copy-text]")) {
      copy.dataset.copyText = prefix + copy.dataset.copyText;
      copy.setAttribute("href", `#${copy.dataset.copyText}`);
    }
    place.after(shown);
    link.setAttribute("aria-expanded", "true");
  });
}
