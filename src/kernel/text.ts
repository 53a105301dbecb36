// Marks that turn the reading direction round, and characters that no screen shows: they only ever mislead a reader.
const misleading = /[\p{Cc}\u00ad\u180e\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]/gu;

/** One line of text as it is kept: NFC, without control and direction characters, each run of white space one blank. */
export function cleanLine(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, " ").replace(misleading, "").replace(/ {2,}/g, " ").trim();
}

/** Several lines of text as they are kept: like `cleanLine`, line by line; at most one empty line in a row. */
export function cleanText(text: string): string {
  const lines = text.replaceAll(/\r\n?/g, "\n").split("\n").map(cleanLine);
  return lines
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

/**
 * One line of text of at most `most` characters, as it is kept; or why not, in words that say what to write instead.
 */
export function readLine(text: string, most: number): string | { readonly problem: string } {
  const trimmed = text.trim();
  if (/[\r\n\u2028\u2029]/.test(trimmed)) return { problem: "This has a line break: write it on one line." };
  if (/\p{Cc}/u.test(trimmed)) return { problem: "This has a character that can't be shown: type it again." };
  const tooLong = ({ length }: string) => ({ problem: `Write at most ${most} characters; this has ${length}.` });
  // Measured before cleaning, so that a huge text costs no work, and behind it: some characters become three in NFC.
  if (trimmed.length > most) return tooLong(trimmed);
  const line = cleanLine(trimmed);
  return line.length > most ? tooLong(line) : line;
}

/** The most characters of the institution's own reference of something. */
export const longestReference = 64;

/**
 * A reference as it is kept, from a cell or field as it came: what is looked up by it must be cleaned as what is
 * stored, or the same file would not find its own rows again. Empty where it can't be one, which its reader refuses.
 */
export function cleanReference(text: string | undefined): string {
  const read = readLine(text ?? "", longestReference);
  return typeof read === "string" ? read : "";
}
