import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The Noto families that are packed with the program: together they hold the letters of every language on offer. */
type Family = "Sans" | "Arabic" | "Devanagari" | "Thai" | "JP" | "KR" | "SC";
export type Weight = "regular" | "bold";
/** A family in a weight: the name under which a document registers it. */
export type FontName = `${Family}-${Weight}`;

const packages: Readonly<Record<Family, string>> = {
  Sans: "noto-sans",
  Arabic: "noto-sans-arabic",
  Devanagari: "noto-sans-devanagari",
  Thai: "noto-sans-thai",
  JP: "noto-sans-jp",
  KR: "noto-sans-kr",
  SC: "noto-sans-sc",
};
const weights = { regular: "400Regular", bold: "600SemiBold" } as const;

const require = createRequire(import.meta.url);
const files = new Map<FontName, Buffer>();

/** The bytes of a font, read once a process. */
export function fontFile(name: FontName): Buffer {
  const known = files.get(name);
  if (known) return known;
  const [family, weight] = name.split("-") as [Family, Weight];
  const file = `NotoSans${family === "Sans" ? "" : family}_${weights[weight]}.ttf`;
  const read = readFileSync(require.resolve(`@expo-google-fonts/${packages[family]}/${weights[weight]}/${file}`));
  files.set(name, read);
  return read;
}

/**
 * Which letterforms Han characters take: Japanese and Korean readers have their own, others read the simplified ones.
 */
function hanFamily(language: string): Family {
  const base = language.toLowerCase().split("-")[0];
  return base === "ja" ? "JP" : base === "ko" ? "KR" : "SC";
}

/** The family for a character; undefined for blanks, joiners and marks, which stay with their neighbour. */
function familyOf(code: number, language: string): Family | undefined {
  if (code <= 0x20 || code === 0xa0 || (code >= 0x200b && code <= 0x200f) || (code >= 0x2060 && code <= 0x206f))
    return undefined;
  if (code >= 0x300 && code <= 0x36f) return undefined;
  if (code < 0x590) return "Sans";
  if (code <= 0x8ff || (code >= 0xfb50 && code <= 0xfdff) || (code >= 0xfe70 && code <= 0xfeff)) return "Arabic";
  if (code >= 0x900 && code <= 0x97f) return "Devanagari";
  if (code >= 0xe00 && code <= 0xe7f) return "Thai";
  if ((code >= 0x1100 && code <= 0x11ff) || (code >= 0x3130 && code <= 0x318f) || (code >= 0xac00 && code <= 0xd7ff))
    return "KR";
  if (code >= 0x3040 && code <= 0x30ff) return "JP";
  if (code >= 0x2e80 && code <= 0x9fff) return hanFamily(language);
  if ((code >= 0xf900 && code <= 0xfaff) || (code >= 0xff00 && code <= 0xffef) || code >= 0x20000)
    return hanFamily(language);
  return "Sans";
}

/** A piece of text that one font writes. */
export type FontRun = { readonly text: string; readonly font: FontName };

/** Whether a font has a letter; asked of the fonts themselves. */
export type HasLetter = (font: FontName, code: number) => boolean;

const fallbacks: readonly Family[] = ["Sans", "SC", "JP", "KR", "Arabic", "Devanagari", "Thai"];

/** Parts text into runs of one font each: by script, Han by the reader's language; what a font lacks, by another. */
export function fontRuns(text: string, language: string, weight: Weight, has: HasLetter): FontRun[] {
  const runs: { text: string; font: FontName }[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const last = runs.at(-1);
    const family = familyOf(code, language);
    const font = family === undefined ? (last?.font ?? `Sans-${weight}`) : fontWith(family, weight, code, has);
    if (last?.font === font) last.text += character;
    else runs.push({ text: character, font });
  }
  return runs;
}

function fontWith(family: Family, weight: Weight, code: number, has: HasLetter): FontName {
  const chosen: FontName = `${family}-${weight}`;
  if (has(chosen, code)) return chosen;
  const other = fallbacks.find((candidate) => has(`${candidate}-${weight}`, code));
  return other ? `${other}-${weight}` : chosen;
}
