import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { last4Of, oneLine, readNumbers, schemeOf } from "./bank-numbers.ts";

const read = (country: string, typed: Parameters<typeof readNumbers>[1]) => {
  const found = readNumbers(country, typed);
  return "problems" in found ? found.problems : found.numbers;
};

describe("numbers of bank accounts", () => {
  test("a country says how its accounts are named", () => {
    expect(["AU", "US", "DE", "GB", "AE", "JP", "NZ"].map(schemeOf)).toEqual([
      "au",
      "us",
      "iban",
      "iban",
      "iban",
      "swift",
      "swift",
    ]);
  });

  test("Australia: a BSB of six digits, and an account of five to nine", () => {
    const numbers = read("AU", { bsb: "062-000", account: "1234 5678" });
    expect(numbers).toEqual({ scheme: "au", bsb: "062000", account: "12345678" });
    expect(read("AU", { bsb: "62-000", account: "1234" })).toEqual({ bsb: "bsb.form", account: "account.au" });
    expect(read("AU", { bsb: "000000", account: "00000000" })).toEqual({ bsb: "bsb.form", account: "account.au" });
    expect(read("AU", {})).toEqual({ bsb: "bsb.form", account: "account.au" });
  });

  test("the United States: the routing number carries its own check digit", () => {
    expect(read("US", { routing: "021000021", account: "123456789" })).toMatchObject({ routing: "021000021" });
    expect(read("US", { routing: "021000012", account: "123456789" })).toEqual({ routing: "routing.check" });
    expect(read("US", { routing: "02100002", account: "123" })).toEqual({
      routing: "routing.form",
      account: "account.us",
    });
    // Nine zeros pass the sum, and are nobody's.
    expect(read("US", { routing: "000000000", account: "123456789" })).toEqual({ routing: "routing.check" });
  });

  test.each([
    ["GB", "GB82 WEST 1234 5698 7654 32"],
    ["DE", "DE89 3704 0044 0532 0130 00"],
    ["FR", "FR14 2004 1010 0505 0001 3M02 606"],
    ["SA", "SA03 8000 0000 6080 1016 7519"],
    ["NO", "NO93 8601 1117 947"],
    ["AE", "ae07 0331 2345 6789 0123 456"],
  ])("an IBAN of %s passes its check", (country, iban) => {
    expect(read(country, { iban })).toMatchObject({ scheme: "iban", iban: iban.replaceAll(" ", "").toUpperCase() });
  });

  test("an IBAN of another country, length or check is told apart", () => {
    const iban = "DE89370400440532013000";
    expect(read("FR", { iban })).toEqual({ iban: "iban.country" });
    expect(read("DE", { iban: iban.slice(0, -1) })).toEqual({ iban: "iban.length" });
    expect(read("DE", { iban: "DE89370400440532013001" })).toEqual({ iban: "iban.check" });
    expect(read("DE", { iban: "my account" })).toEqual({ iban: "iban.form" });
    expect(read("DE", { iban, bic: "NOPE" })).toEqual({ bic: "bic.form" });
    expect(read("DE", { iban, bic: "cobadeff" })).toMatchObject({ bic: "COBADEFF" });
  });

  test("any one digit written wrong, and any two neighbours swapped, fail the check of an IBAN", () => {
    const iban = "DE89370400440532013000";
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 21 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const wrong = iban.slice(0, at) + ((Number(iban[at]) + by) % 10) + iban.slice(at + 1);
        expect(read("DE", { iban: wrong })).toEqual({ iban: "iban.check" });
        const next = iban[at + 1];
        if (next === undefined || next === iban[at]) return;
        const swapped = iban.slice(0, at) + next + iban[at] + iban.slice(at + 2);
        expect(read("DE", { iban: swapped })).toEqual({ iban: "iban.check" });
      }),
    );
  });

  test("elsewhere a BIC of that country, and the account as the bank writes it", () => {
    expect(read("JP", { bic: "BOTKJPJT", account: "123-4567" })).toEqual({
      scheme: "swift",
      bic: "BOTKJPJT",
      account: "1234567",
    });
    expect(read("JP", { bic: "COBADEFF", account: "1234567" })).toEqual({ bic: "bic.country" });
    expect(read("JP", { bic: "", account: "" })).toEqual({ bic: "bic.form", account: "account.any" });
  });

  test("what is shown are the last four; what the provider takes is one line", () => {
    const au = { scheme: "au", bsb: "062000", account: "12345678" } as const;
    expect(last4Of(au)).toBe("5678");
    expect(oneLine(au)).toBe("062000-12345678");
    const iban = { scheme: "iban", iban: "DE89370400440532013000", bic: "" } as const;
    expect(last4Of(iban)).toBe("3000");
    expect(oneLine(iban)).toBe("DE89370400440532013000");
  });
});
