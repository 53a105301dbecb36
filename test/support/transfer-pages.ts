import type { Browser, Shown } from "./browser.ts";

/** What somebody types into the form of a transfer. */
export type Typed = Readonly<Partial<Record<"wallet" | "route" | "to" | "amount" | "reference", string>>>;

/** The key that was made with the form of a check page. */
export function keyOf(shown: Shown): string {
  return /name="key" value="([\w-]+)"/.exec(shown.text)?.[1] ?? "";
}

/** Prepares a transfer and opens its check page. */
export async function prepare(browser: Browser, typed: Typed): Promise<{ path: string; page: Shown; key: string }> {
  const sent = await browser.post("/partner/transfers/new", typed);
  if (sent.status !== 303) throw new Error(`The form answered ${sent.status}: ${wrongIn(sent).join(" ")}`);
  const page = await browser.get(sent.location);
  return { path: sent.location, page, key: keyOf(page) };
}

/** What a page says is wrong, beside its fields. */
export function wrongIn(shown: Shown): string[] {
  const found = shown.text.matchAll(/<p class="error" id="f-[\w-]+-e">.*?<span>(.*?)<\/span>/gs);
  return [...found].map(([, words = ""]) => plain(words));
}

/** What a page says in words, without its tags. */
export function plain(html: string): string {
  return html
    .replace(/<(script|style|svg)[\s\S]*?<\/\1>/g, "")
    .replaceAll('<span class="minor">', "")
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .trim();
}
