// Facets: expanded beside the results on wide screens, a box that narrows long lists, years chosen by dragging; and the
// list of reports is submitted when a filter changes.
export function wireFacets(root) {
  const wide = matchMedia("(min-width: 60rem)");
  const isChosenFrom = takeNote();
  for (const sheet of root.querySelectorAll("[data-sheet]")) {
    const follow = () => (sheet.open = wide.matches);
    follow();
    wide.addEventListener("change", follow);
    if (sheet.querySelector(".sheet-done")) keepOpen(sheet, wide, isChosenFrom);
  }
  for (const input of root.querySelectorAll("[data-narrow]")) narrow(input);
  for (const bars of root.querySelectorAll("[data-years]")) drag(bars);
  const filters = root.querySelector("[data-filters]");
  if (filters) filters.addEventListener("change", () => filters.requestSubmit());
  const aside = root.querySelector("#aside");
  const open = () => {
    if (aside && location.hash === "#aside") aside.open = true;
  };
  open();
  addEventListener("hashchange", open);
}

// On a narrow screen a choice would shut the filters, since it leads to another page: there they are open again, until
// the results are asked for.
const NOTE = "xiesou-filters-open";

function takeNote() {
  try {
    const isNoted = sessionStorage.getItem(NOTE) !== null;
    sessionStorage.removeItem(NOTE);
    return isNoted;
  } catch {
    return false; // no storage: they are shut
  }
}

function keepOpen(sheet, wide, isChosenFrom) {
  if (isChosenFrom && !wide.matches) sheet.open = true;
  const note = () => {
    try {
      if (!wide.matches) sessionStorage.setItem(NOTE, "");
    } catch {
      // no storage
    }
  };
  sheet.addEventListener("submit", note);
  sheet.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    if (link.matches(".sheet-done a")) sheet.open = false;
    else note();
  });
}

function narrow(input) {
  const facet = input.closest(".facet");
  const rest = facet.querySelector(".rest");
  input.hidden = false;
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    if (rest) rest.open = Boolean(wanted);
    for (const link of facet.querySelectorAll("[data-value]")) {
      link.parentElement.hidden = !link.dataset.value.toLowerCase().includes(wanted);
    }
  });
}

// Dragging from bar to bar chooses a range; clicking a bar follows its link.
function drag(bars) {
  const form = bars.parentElement.querySelector(".range");
  const marks = [...bars.querySelectorAll("[data-year]")];
  const yearAt = (event) => {
    const distance = (bar) => {
      const box = bar.getBoundingClientRect();
      return Math.abs(event.clientX - (box.left + box.right) / 2);
    };
    return Number(marks.reduce((best, bar) => (distance(bar) < distance(best) ? bar : best)).dataset.year);
  };
  let from = null;
  let to = null;
  const paint = () => {
    for (const bar of marks) {
      const year = Number(bar.dataset.year);
      bar.classList.toggle("swept", from !== null && from !== to && year >= Math.min(from, to) && year <= Math.max(from, to));
    }
  };
  bars.addEventListener("dragstart", (event) => event.preventDefault());
  bars.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType === "mouse") from = to = yearAt(event);
  });
  addEventListener("pointermove", (event) => {
    if (from === null) return;
    to = yearAt(event);
    paint();
  });
  addEventListener("pointerup", () => {
    if (from !== null && from !== to) {
      form.querySelector("[name$=_from]").value = Math.min(from, to);
      form.querySelector("[name$=_to]").value = Math.max(from, to);
      form.requestSubmit();
      bars.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
    }
    from = to = null;
  });
}
