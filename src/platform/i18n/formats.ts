import { type Currency, exponentOf, type Money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Locale } from "./locales.ts";

// British English writes A$, US$, JP¥: no two currencies look alike, which plain en-AU ("$") would not promise.
const numberLocale: Record<Locale, string> = { en: "en-GB", ar: "ar-u-nu-latn" };

/** `symbol` A$4,350.00, `code` AUD 4,350.00 (where currencies meet), `none` 4,350.00 (the code stands beside). */
export type MoneyStyle = "symbol" | "code" | "none";

/** An amount in pieces, so that a page can set the decimals smaller. Joined in this order they are the whole text. */
export type MoneyParts = {
  readonly sign: string;
  /** The symbol or code with the space that belongs behind it; empty for style `none`. */
  readonly currency: string;
  readonly whole: string;
  /** The point and the decimals; empty for JPY. */
  readonly fraction: string;
};

/** A formatter is expensive to make (5x the page, measured), so each is made once per locale and style. */
function cached<A extends readonly string[], F>(make: (...key: A) => F): (...key: A) => F {
  const made = new Map<string, F>();
  return (...key) => {
    const id = key.join("|");
    const found = made.get(id);
    if (found !== undefined) return found;
    const fresh = make(...key);
    made.set(id, fresh);
    return fresh;
  };
}

/** What `Intl` says about writing amounts of a currency: everything but the digits. */
type MoneyPattern = { readonly currency: string; readonly group: string; readonly decimal: string };

const moneyPattern = cached((locale: Locale, currency: Currency, style: MoneyStyle): MoneyPattern => {
  // Arabic pages write the code before Latin digits ("AUD 4,350.00"); Intl would scatter direction marks around them.
  const format = new Intl.NumberFormat(locale === "ar" ? "en-GB" : numberLocale[locale], {
    style: "currency",
    currency,
    currencyDisplay: locale === "ar" || style === "code" ? "code" : "symbol",
  });
  const pattern = { currency: "", group: "", decimal: "" };
  for (const { type, value } of format.formatToParts(1_234)) {
    if (type === "currency") pattern.currency = style === "none" ? "" : value;
    else if (type === "literal" && style !== "none") pattern.currency += "\u00a0";
    else if (type === "group" || type === "decimal") pattern[type] = value;
  }
  return pattern;
});

/**
 * An amount in pieces. Exact for every amount: the digits come from whole minor units, never through a float. They
 * are put in threes here, as every language on offer does: asking `Intl` for each amount anew was a fifth of a page's
 * time.
 */
export function formatMoneyParts(value: Money, locale: Locale, style: MoneyStyle = "symbol"): MoneyParts {
  const { currency, group, decimal } = moneyPattern(locale, value.currency, style);
  const places = exponentOf(value.currency);
  const digits = String(value.minor < 0n ? -value.minor : value.minor).padStart(places + 1, "0");
  const end = digits.length - places;
  let whole = digits.slice(0, end);
  for (let at = end - 3; at > 0; at -= 3) whole = whole.slice(0, at) + group + whole.slice(at);
  return {
    sign: value.minor < 0n ? "−" : "",
    currency,
    whole,
    fraction: places === 0 ? "" : decimal + digits.slice(end),
  };
}

/** An amount as text for messages, titles and mails: `A$4,350.00`; in Arabic `AUD 4,350.00`. Never abbreviated. */
export function formatMoney(value: Money, locale: Locale, style: MoneyStyle = "symbol"): string {
  const { sign, currency, whole, fraction } = formatMoneyParts(value, locale, style);
  return sign + currency + whole + fraction;
}

const plainNumber = cached((locale: Locale) => new Intl.NumberFormat(numberLocale[locale]));

/** A count with its thousands separators: `1,214`. */
export function formatNumber(value: number | bigint, locale: Locale): string {
  return plainNumber(locale).format(value);
}

/** Basis points as percent, without a float in between: 1250 is `12.5%`. */
export function formatRate(basisPoints: number | bigint, _locale: Locale): string {
  const points = BigInt(basisPoints);
  const sign = points < 0n ? "−" : "";
  const size = points < 0n ? -points : points;
  const fraction = (size % 100n).toString().padStart(2, "0").replace(/0+$/, "");
  return `${sign}${size / 100n}${fraction === "" ? "" : `.${fraction}`}%`;
}

/** Bytes as people read them: `340 kB`, `2.4 MB`. */
export function formatBytes(bytes: number, locale: Locale): string {
  const units = ["B", "kB", "MB", "GB"];
  let size = bytes;
  let unit = 0;
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000;
  const rounded = size >= 10 || unit === 0 ? Math.round(size) : Math.round(size * 10) / 10;
  return `${formatNumber(rounded, locale)}\u00a0${units[unit]}`;
}

const dateStyles = {
  /** 15 Nov 2026 */
  medium: { day: "numeric", month: "short", year: "numeric" },
  /** 15 November 2026 */
  long: { day: "numeric", month: "long", year: "numeric" },
  /** Saturday 5 December */
  weekday: { weekday: "long", day: "numeric", month: "long" },
  /** 5 December */
  day: { day: "numeric", month: "long" },
  /** November 2026 */
  month: { month: "long", year: "numeric" },
  /** Nov */
  monthShort: { month: "short" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type DateStyle = keyof typeof dateStyles;

const timeStyles = {
  ...dateStyles,
  /** 14:05 */
  clock: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  /** 15 Nov 2026, 14:05 */
  time: { ...dateStyles.medium, hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  /** 15 Nov 2026, 14:05 AEDT: wherever a cut-off matters. */
  zoned: { ...dateStyles.medium, hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type InstantStyle = keyof typeof timeStyles;

// en-AU names its own zones (AEDT), which en-GB would write as GMT+11.
const dateLocale: Record<Locale, string> = { en: "en-AU", ar: "ar-u-nu-latn" };

const dateFormat = cached(
  (locale: Locale, style: DateStyle) =>
    new Intl.DateTimeFormat(dateLocale[locale], { ...dateStyles[style], calendar: "gregory", timeZone: "UTC" }),
);
const instantFormat = cached(
  (locale: Locale, timeZone: string, style: InstantStyle) =>
    new Intl.DateTimeFormat(dateLocale[locale], { ...timeStyles[style], calendar: "gregory", timeZone }),
);

const dateWords = new Map<string, string>();

/**
 * A calendar date in words: `15 Nov 2026`. Month names always, so that 5/12 never reads as May. The few dates that
 * pages speak of are remembered.
 */
export function formatDate(date: PlainDate, locale: Locale, style: DateStyle = "medium"): string {
  const key = `${locale}|${style}|${date.toString()}`;
  const known = dateWords.get(key);
  if (known !== undefined) return known;
  const words = dateFormat(locale, style).format(date.toZonedDateTime("UTC").epochMilliseconds);
  if (dateWords.size >= 5_000) dateWords.clear();
  dateWords.set(key, words);
  return words;
}

/** An instant as seen in an IANA time zone: `15 Nov 2026, 14:05`. */
export function formatInstant(at: Instant, locale: Locale, timeZone: string, style: InstantStyle = "time"): string {
  return instantFormat(locale, timeZone, style).format(at.epochMilliseconds);
}

const listFormat = cached((locale: Locale) => new Intl.ListFormat(numberLocale[locale], { type: "conjunction" }));

/** `Aiko, Ken and Mina`. */
export function formatList(items: readonly string[], locale: Locale): string {
  return listFormat(locale).format(items);
}
