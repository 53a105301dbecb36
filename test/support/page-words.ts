/** The words of a page's main part, as a reader meets them. */
export function wordsOf(html: string): string {
  const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
  return main
    .replace(/<(?:svg|style)[\s\S]*?<\/(?:svg|style)>/g, " ")
    .replace(/<span class="minor">/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/&nbsp;|\u00a0/g, " ")
    .replace(/\s+/g, " ");
}
