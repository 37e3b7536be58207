// Before the first paint: the look that was chosen here before, so that no page flashes.
(function () {
  var kept = null;
  try {
    kept = localStorage.getItem("lifecircle.look");
  } catch (error) {
    kept = null;
  }
  var dark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
})();
