// The button that switches between light and dark; the choice is stored in the browser.
export function wireTheme(root) {
  const button = root.querySelector("[data-theme-toggle]");
  if (!button) return;
  const html = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const now = () => html.dataset.theme || (system.matches ? "dark" : "light");
  const label = () => {
    const other = now() === "dark" ? button.dataset.light : button.dataset.dark;
    button.textContent = other;
  };
  button.hidden = false;
  label();
  system.addEventListener("change", label);
  button.addEventListener("click", () => {
    html.dataset.theme = now() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", html.dataset.theme);
    } catch {
      // storage is blocked: the choice lasts for this page
    }
    label();
  });
}
