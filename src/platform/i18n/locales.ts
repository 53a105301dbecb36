/** Languages that pages, mails and PDFs are written in today; words, numbers and dates of one page are in one. */
export const locales = ["en", "ar"] as const;
export type Locale = (typeof locales)[number];

/** Languages a customer may ask for, by their own names; one without a catalogue yet reads English. */
export const customerLanguages = {
  "en-AU": "English",
  ar: "العربية",
  es: "Español",
  fr: "Français",
  hi: "हिन्दी",
  ja: "日本語",
  ko: "한국어",
  "pt-BR": "Português (Brasil)",
  vi: "Tiếng Việt",
  "zh-Hans": "简体中文",
} as const;
export type CustomerLanguage = keyof typeof customerLanguages;

export type Direction = "ltr" | "rtl";

/** The language name of a page language, in that language. */
export const localeNames: Record<Locale, string> = { en: "English", ar: "العربية" };

/** The page language for any BCP 47 tag: its own catalogue where there is one, else English. Never throws. */
export function localeOf(tag: string | null | undefined): Locale {
  const language = (tag ?? "").toLowerCase().split("-")[0];
  return locales.find((locale) => locale === language) ?? "en";
}

/** `rtl` for Arabic, Hebrew, Persian and Urdu. */
export function directionOf(tag: string): Direction {
  return ["ar", "he", "fa", "ur"].includes(tag.toLowerCase().split("-")[0] ?? "") ? "rtl" : "ltr";
}

/**
 * The first of `offered` that the browser's Accept-Language header asks for, by quality; else the first offered.
 * Matching is by prefix as in RFC 4647 lookup: `ar-EG` finds `ar`, `zh` finds `zh-Hans`.
 */
export function negotiate<L extends string>(offered: readonly [L, ...L[]], acceptLanguage: string | undefined): L {
  const asked = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...options] = part.trim().toLowerCase().split(";");
      const quality = options.map((option) => /^\s*q=([\d.]+)/.exec(option)?.[1]).find(Boolean);
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== "" && tag !== "*" && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of asked) {
    const exact = offered.find((language) => language.toLowerCase() === tag);
    const base = tag.split("-")[0] ?? tag;
    const found = exact ?? offered.find((language) => language.toLowerCase().split("-")[0] === base);
    if (found !== undefined) return found;
  }
  return offered[0];
}
