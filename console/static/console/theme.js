/** Light or dark before the first paint. A classic script in <head>: a module would run too late and flash. */
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("ramah:theme");
    } catch (error) {
      console.info("This browser keeps no theme", error);
      return null;
    }
  }

  function apply() {
    const theme = chosen() ?? (dark.matches ? "dark" : "light");
    document.documentElement.classList.toggle("dark", theme === "dark");
  }

  dark.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#theme")) return;
    const next = document.documentElement.classList.contains("dark") ? "light" : "dark";
    document.documentElement.classList.toggle("dark", next === "dark");
    try {
      localStorage.setItem("ramah:theme", next);
    } catch (error) {
      console.info("This browser keeps no theme", error);
    }
  });
  apply();
})();
