/**
 * Every word a customer reads, in a page, a mail or a PDF.
 *
 *   const t = translator("ar");                      // cached; any BCP 47 tag will do
 *   t("pay.button", { amount: t.money(total) })      // keys are typed, and so are the values of simple messages
 *   t.date(dueDate, "weekday")   t.instant(at, zone)   t.number(3)   t.locale   t.dir
 *
 * New words: add the key to a file in `en/` and to its twin in `ar/` (tsc refuses a missing one); a new pair of files
 * is listed in `catalogue.ts`. Messages are ICU: `{count, plural, one {# day} other {# days}}`. English ones are single
 * literals, so that their placeholders can be typed. Never glue sentences together.
 */
import { IntlMessageFormat } from "intl-messageformat";
import { assert } from "#kernel/assert.ts";
import type { Money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import { ar, en } from "./catalogue.ts";
import {
  type DateStyle,
  formatBytes,
  formatDate,
  formatInstant,
  formatList,
  formatMoney,
  formatNumber,
  formatRate,
  type InstantStyle,
  type MoneyStyle,
} from "./formats.ts";
import { type Direction, directionOf, type Locale, localeOf } from "./locales.ts";

/** Every message there is. */
export type MessageKey = keyof typeof en;

export type Value = string | number | bigint;
type Values = Readonly<Record<string, Value>>;

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type HasFormat<S> = S extends `${string}, ${"plural" | "select" | "selectordinal"},${string}` ? true : false;
type ArgumentsOf<S, V> =
  HasFormat<S> extends true
    ? [values: Readonly<Record<string, V>>]
    : [Names<S>] extends [never]
      ? []
      : [values: Readonly<Record<Names<S>, V>>];
/** No second argument without placeholders; exactly its placeholders for a simple message; any for plurals. */
type Arguments<K extends MessageKey, V> = K extends MessageKey ? ArgumentsOf<(typeof en)[K], V> : never;

/** Says things in one language. */
export type T = {
  <K extends MessageKey>(key: K, ...values: Arguments<K, Value>): string;
  /** The message in pieces around values that aren't text (a link, a `<Money>`). */
  parts<V>(key: MessageKey, values: Readonly<Record<string, V | Value>>): (string | V)[];
  readonly locale: Locale;
  readonly dir: Direction;
  money(value: Money, style?: MoneyStyle): string;
  date(date: PlainDate, style?: DateStyle): string;
  instant(at: Instant, timeZone: string, style?: InstantStyle): string;
  number(value: number | bigint): string;
  /** Basis points: 1250 is 12.5%. */
  rate(basisPoints: number | bigint): string;
  bytes(size: number): string;
  list(items: readonly string[]): string;
};

const catalogues: Record<Locale, Readonly<Record<MessageKey, string>>> = { en, ar };
const tags: Record<Locale, string> = { en: "en-AU", ar: "ar-u-nu-latn" };
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** First strong isolate … pop: a Latin name or an amount must not reorder the Arabic around it, nor the reverse. */
function isolated(value: Value, dir: Direction): Value {
  if (typeof value !== "string" || value.startsWith("http")) return value;
  return dir === "rtl" || rightToLeft.test(value) ? `\u2068${value}\u2069` : value;
}

function isolatedAll<V>(values: Readonly<Record<string, V>>, dir: Direction): Record<string, V | Value> {
  const out: Record<string, V | Value> = {};
  for (const [name, value] of Object.entries(values))
    out[name] = typeof value === "string" ? isolated(value, dir) : value;
  return out;
}

/**
 * Formatters that ICU messages ask for, made once: by default the library looks each up by a JSON key, at every use.
 */
function formattersOf(tag: string) {
  const number = new Intl.NumberFormat(tag);
  const rules = { cardinal: new Intl.PluralRules(tag), ordinal: new Intl.PluralRules(tag, { type: "ordinal" }) };
  return {
    getNumberFormat: (_: unknown, style?: Intl.NumberFormatOptions) =>
      style ? new Intl.NumberFormat(tag, style) : number,
    getDateTimeFormat: (_: unknown, style?: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, style),
    getPluralRules: (_: unknown, style?: Intl.PluralRulesOptions) => rules[style?.type ?? "cardinal"],
  };
}

/**
 * Text and the names of placeholders by turns, when that is all there is to a message: no plural, choice or quoting.
 */
function piecesOf(text: string): readonly string[] | undefined {
  const pieces = text.split(/\{(\w+)\}/);
  return pieces.some((piece) => /[{}']/.test(piece)) ? undefined : pieces;
}

function fill(pieces: readonly string[], values: Values, dir: Direction): string {
  let said = pieces[0] ?? "";
  for (let at = 1; at < pieces.length; at += 2) {
    const value = values[pieces[at] ?? ""];
    if (value === undefined) throw new Error(`A message lacks its value for ${pieces[at]}: ${pieces.join(" ")}`);
    said += isolated(value, dir) + (pieces[at + 1] ?? "");
  }
  return said;
}

function build(locale: Locale): T {
  const words = catalogues[locale];
  const dir = directionOf(locale);
  let formatters: ReturnType<typeof formattersOf> | undefined;
  const compiled = new Map<MessageKey, IntlMessageFormat>();
  const compile = (key: MessageKey): IntlMessageFormat => {
    const found = compiled.get(key);
    if (found) return found;
    const text = words[key];
    assert(text !== undefined, `there is no message ${key}`);
    formatters ??= formattersOf(tags[locale]);
    const message = new IntlMessageFormat(text, tags[locale], undefined, { ignoreTag: true, formatters });
    compiled.set(key, message);
    return message;
  };
  const simple = new Map<MessageKey, readonly string[] | undefined>();
  const say = (key: MessageKey, values: Values = {}): string => {
    let pieces = simple.get(key);
    if (pieces === undefined && !simple.has(key)) {
      pieces = piecesOf(words[key] ?? "{");
      simple.set(key, pieces);
    }
    return pieces ? fill(pieces, values, dir) : String(compile(key).format(isolatedAll(values, dir)));
  };
  return Object.assign(say, {
    parts: <V>(key: MessageKey, values: Readonly<Record<string, V | Value>>) => {
      const made = compile(key).format<V>(isolatedAll(values, dir) as Record<string, V>);
      return (Array.isArray(made) ? made : [made]) as (string | V)[];
    },
    locale,
    dir,
    money: (value: Money, style?: MoneyStyle) => formatMoney(value, locale, style),
    date: (date: PlainDate, style?: DateStyle) => formatDate(date, locale, style),
    instant: (at: Instant, zone: string, style?: InstantStyle) => formatInstant(at, locale, zone, style),
    number: (value: number | bigint) => formatNumber(value, locale),
    rate: (basisPoints: number | bigint) => formatRate(basisPoints, locale),
    bytes: (size: number) => formatBytes(size, locale),
    list: (items: readonly string[]) => formatList(items, locale),
  }) as T;
}

const translators = new Map<Locale, T>();

/** The translator for a language tag (`ar`, `en-AU`, `vi`): its own catalogue, or English. Made once per language. */
export function translator(tag: string | null | undefined): T {
  const locale = localeOf(tag);
  const found = translators.get(locale);
  if (found) return found;
  const made = build(locale);
  translators.set(locale, made);
  return made;
}
