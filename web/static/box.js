// The search box: `/` focuses it, Escape returns focus without scrolling, and the Enter that ends an input method's
// composition doesn't submit.
export function wireBox(root) {
  const form = root.querySelector("[data-search]");
  if (!form) return;
  const input = form.querySelector("input[name=q]");
  let composing = false;
  let left = null;
  input.addEventListener("compositionstart", () => (composing = true));
  input.addEventListener("compositionend", () => (composing = false));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (composing || event.isComposing || event.keyCode === 229)) event.preventDefault();
    if (event.key !== "Escape" || composing) return;
    input.blur();
    if (left?.isConnected) left.focus({ preventScroll: true });
    left = null;
  });
  form.addEventListener("submit", (event) => {
    if (composing) event.preventDefault();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    left = root.activeElement === root.body ? null : root.activeElement;
    input.focus({ preventScroll: true });
    input.select();
    const { top, bottom } = form.getBoundingClientRect(); // the header is sticky, the box of the home page is not
    if (top < 0 || bottom > innerHeight) form.scrollIntoView({ block: "center" });
  });
}

export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}
