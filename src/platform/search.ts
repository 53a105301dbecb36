/**
 * What was typed into a search box, as patterns for `lower(text) like all (…)`: each word must be found somewhere, in
 * any order. Wildcards of LIKE count as themselves. At most eight words of 80 characters; none for an empty box.
 */
export function likeWords(typed: string | undefined): string[] {
  const words = (typed ?? "").normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
  return words.slice(0, 8).map((word) => `%${word.slice(0, 80).replaceAll(/[\\%_]/g, "\\$&")}%`);
}
