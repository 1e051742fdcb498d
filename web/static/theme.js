// Applies the chosen theme before the first paint; without a choice the system decides.
const chosen = (() => {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // storage may be forbidden: the system's theme holds
  }
})();
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
