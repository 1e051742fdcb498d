// Facets: open beside the results where there is room, a box to look for a value in a long list,
// a list of reports that follows its filters.
export function wireFacets(root) {
  const wide = matchMedia("(min-width: 60rem)");
  for (const sheet of root.querySelectorAll("[data-sheet]")) {
    const follow = () => (sheet.open = wide.matches);
    follow();
    wide.addEventListener("change", follow);
  }
  for (const input of root.querySelectorAll("[data-narrow]")) {
    input.hidden = false;
    input.addEventListener("input", () => {
      const wanted = input.value.trim();
      for (const link of input.parentElement.querySelectorAll("[data-value]")) {
        link.parentElement.hidden = !link.dataset.value.includes(wanted);
      }
    });
  }
  const filters = root.querySelector("[data-filters]");
  if (filters) filters.addEventListener("change", () => filters.requestSubmit());
}
