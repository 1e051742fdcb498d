// Applies the stored theme before the first paint; the default is the system's.
const chosen = (() => {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // storage is blocked: use the system's theme
  }
})();
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
