import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, test } from "vitest";
import { money } from "#kernel/money.ts";
import { ar, en, parts } from "./catalogue.ts";
import { directionOf, localeOf, negotiate } from "./locales.ts";
import { type MessageKey, translator } from "./messages.ts";

type Element = ReturnType<IntlMessageFormat["getAst"]>[number];

/** The placeholders of a message and, for plurals, the categories each one answers. */
function namesIn(elements: readonly Element[], found = new Map<string, Set<string>>()): Map<string, Set<string>> {
  for (const element of elements) {
    if (element.type === 0 || element.type === 7) continue;
    const options = "options" in element ? element.options : {};
    const known = found.get(element.value) ?? new Set();
    for (const [name, option] of Object.entries(options)) {
      known.add(name);
      namesIn(option.value, found);
    }
    found.set(element.value, known);
  }
  return found;
}

function parsed(text: string, locale: string): Map<string, Set<string>> {
  return namesIn(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst());
}

const keys = Object.keys(en) as MessageKey[];

describe("the catalogues", () => {
  test("every key has words in both languages, and no two files define the same key", () => {
    expect(Object.keys(ar).sort()).toEqual([...keys].sort());
    for (const key of keys) expect(`${en[key].trim()}|${ar[key].trim()}`, key).not.toMatch(/^\||\|$/);
    const all = parts.en.flatMap((part) => Object.keys(part));
    expect(all.length).toBe(new Set(all).size);
  });

  test("every message compiles, and its placeholders are the same in both languages", () => {
    for (const key of keys) {
      const [inEnglish, inArabic] = [parsed(en[key], "en"), parsed(ar[key], "ar")];
      expect([...inArabic.keys()].sort(), key).toEqual([...inEnglish.keys()].sort());
    }
  });

  test("every Arabic plural answers all six categories", () => {
    for (const key of keys) {
      for (const [name, options] of parsed(ar[key], "ar")) {
        if (!options.has("other") || !parsed(en[key], "en").get(name)?.has("one")) continue;
        expect([...options], key).toEqual(expect.arrayContaining(["one", "two", "few", "many", "other"]));
      }
    }
  });
});

describe("a translator", () => {
  test("counts in words that agree with the number", () => {
    const t = translator("en-AU");
    expect([1, 6].map((count) => t("due.overdue", { count }))).toEqual(["1 day overdue", "6 days overdue"]);
    expect(translator("ar")("due.overdue", { count: 6 })).toBe("متأخر 6 أيام");
  });

  test("isolates what it puts into Arabic words, and Arabic names in English ones", () => {
    expect(translator("ar")("nav.payingFor", { name: "Ken" })).toContain("\u2068Ken\u2069");
    expect(translator("en")("nav.payingFor", { name: "أيكو" })).toContain("\u2068أيكو\u2069");
    expect(translator("en")("nav.payingFor", { name: "Ken" })).toBe("Paying for Ken");
  });

  test("hands back pieces around values that are not text", () => {
    const link = { href: "/" };
    expect(translator("en").parts("nav.payingFor", { name: link })).toEqual(["Paying for ", link]);
  });

  test("a language without a catalogue reads English, numbers and dates included", () => {
    expect(translator("vi").locale).toBe("en");
    expect(translator("vi").money(money(435_000n, "AUD"))).toBe("A$4,350.00");
  });
});

describe("languages", () => {
  test("the browser's wish is met as far as it can be", () => {
    const offered = ["en-AU", "ar", "zh-Hans"] as const;
    expect(negotiate(offered, "fr;q=0.9, ar-EG;q=0.8, en;q=0.5")).toBe("ar");
    expect(negotiate(offered, "zh-CN,zh;q=0.9")).toBe("zh-Hans");
    expect(negotiate(offered, "en-AU;q=0, ar;q=0.1")).toBe("ar");
    expect(negotiate(offered, undefined)).toBe("en-AU");
    expect(negotiate(offered, ";;q=,*")).toBe("en-AU");
  });

  test("direction and page language follow the tag", () => {
    expect([directionOf("ar"), directionOf("en-AU"), localeOf("ar-EG"), localeOf(null)]).toEqual([
      "rtl",
      "ltr",
      "ar",
      "en",
    ]);
  });
});
