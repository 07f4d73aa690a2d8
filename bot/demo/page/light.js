// @ts-check
/* Puts on the light that was chosen last, or the system's, before anything is drawn: no module. */
{
  let chosen = null;
  try {
    chosen = localStorage.getItem("dezhurny.theme");
  } catch {
    // A private window may refuse: then the system's own light stays.
  }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme =
    chosen === "light" || chosen === "dark" ? chosen : system;
}
