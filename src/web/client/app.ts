import { copyButtons, filtersApply, focusProblems, menusClose, sendOnce } from "./niceties.ts";

focusProblems();
sendOnce();
copyButtons();
menusClose();
filtersApply();

// Ctrl K (or ⌘ K) goes to the search box; every page works without it.
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
  const box = document.querySelector<HTMLInputElement>("[data-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
