import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

/**
 * The text of each page as a PDF reader finds it: lines from top to bottom, compatibility forms and marks of
 * direction folded away.
 */
export async function readPdf(
  bytes: Uint8Array,
): Promise<{ readonly pages: readonly string[]; readonly title: string }> {
  const task = getDocument({ data: Uint8Array.from(bytes), useSystemFonts: false, verbosity: 0 });
  const document = await task.promise;
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const lines = new Map<number, { x: number; text: string }[]>();
    for (const item of items) {
      if (!("str" in item) || item.str === "") continue;
      const y = Math.round(item.transform[5]);
      lines.set(y, [...(lines.get(y) ?? []), { x: item.transform[4], text: item.str }]);
    }
    const text = [...lines].sort(([a], [b]) => b - a).map(([, parts]) => parts.map((part) => part.text).join(" "));
    pages.push(
      text
        .join("\n")
        .normalize("NFKC")
        .replace(/[\u200e\u200f\u2066-\u2069]/g, "")
        .replace(/ +/g, " "),
    );
  }
  const { info } = await document.getMetadata();
  await task.destroy();
  return { pages, title: String((info as { Title?: string }).Title ?? "") };
}
