/** Puts the reader at the error summary after a refusal; `autofocus` does the same where browsers honour it. */
export function focusProblems(): void {
  document.getElementById("problems")?.focus();
  // The summary's links go to the field itself, not just to its place on the page.
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.(".summary a");
    const field = link && document.getElementById(link.getAttribute("href")?.slice(1) ?? "");
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
}

/** A second click while the first is on its way sends nothing. The server has its own guard; this one is for calm. */
export function sendOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-disabled", "true");
    // A download leaves the page standing, and so does a lost connection.
    setTimeout(() => release(form), 8000);
  });
  // Coming back by the back button shows the page as it was: let it send again.
  addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach(release));
}

function release(form: HTMLFormElement): void {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

/** Buttons with `data-copy="#id"` copy that field or text; they are hidden until this script is there to serve them. */
export function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-copy]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = (event.target as Element).closest?.<HTMLElement>("[data-copy]");
    const from = button && document.querySelector(button.dataset.copy ?? "");
    if (!button || !from) return;
    const text = from instanceof HTMLInputElement ? from.value : (from.textContent ?? "");
    await navigator.clipboard.writeText(text);
    const words = button.querySelector("span") ?? button;
    const before = words.textContent;
    words.textContent = button.dataset.copied ?? before;
    setTimeout(() => {
      words.textContent = before;
    }, 2000);
  });
}

/** Open menus close at a click elsewhere and at Escape. */
export function menusClose(): void {
  const close = (except?: Node | null) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (!except || !menu.contains(except)) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => close(event.target as Node));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector<HTMLDetailsElement>("details.menu[open]");
    close();
    open?.querySelector("summary")?.focus();
  });
}

/** A list's selects and dates apply at once; the Apply button stays for everything else. */
export function filtersApply(): void {
  document.addEventListener("change", (event) => {
    const control = event.target as HTMLElement;
    if (control.matches("[data-filters] select")) control.closest("form")?.requestSubmit();
  });
}
