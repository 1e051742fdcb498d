// The search box: `/` focuses it; Enter that ends a composition does not search.
export function wireBox(root) {
  const form = root.querySelector("[data-search]");
  if (!form) return;
  const input = form.querySelector("input[name=q]");
  let composing = false;
  input.addEventListener("compositionstart", () => (composing = true));
  input.addEventListener("compositionend", () => (composing = false));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (composing || event.isComposing || event.keyCode === 229)) event.preventDefault();
    if (event.key === "Escape" && !composing) input.blur();
  });
  form.addEventListener("submit", (event) => {
    if (composing) event.preventDefault();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}
