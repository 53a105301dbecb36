/** What names an account in its country, as a bank there takes it. Digits and letters only. */
export type Numbers =
  | { readonly scheme: "au"; readonly bsb: string; readonly account: string }
  | { readonly scheme: "us"; readonly routing: string; readonly account: string }
  | { readonly scheme: "iban"; readonly iban: string; readonly bic: string }
  | { readonly scheme: "swift"; readonly bic: string; readonly account: string };
export type Scheme = Numbers["scheme"];

/** The fields that each scheme asks for. */
export const schemeFields = {
  au: ["bsb", "account"],
  us: ["routing", "account"],
  iban: ["iban", "bic"],
  swift: ["bic", "account"],
} as const satisfies Readonly<Record<Scheme, readonly NumberField[]>>;
export type NumberField = "bsb" | "account" | "routing" | "iban" | "bic";

/** What is wrong with a field: a key of the list of words that both faces have. */
export type NumberProblem =
  | "bsb.form"
  | "account.au"
  | "account.us"
  | "account.any"
  | "routing.form"
  | "routing.check"
  | "iban.form"
  | "iban.country"
  | "iban.length"
  | "iban.check"
  | "bic.form"
  | "bic.country";

// Lengths of IBANs by country (ISO 13616, the registry of SWIFT).
const ibanLengths: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28, CH: 21 },
  ...{ CR: 22, CY: 28, CZ: 24, DE: 22, DJ: 27, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18, FR: 27, GB: 22 },
  ...{ GE: 22, GR: 27, GT: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30, KZ: 20 },
  ...{ LB: 28, LC: 32, LI: 21, LT: 20, LU: 20, LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MN: 20, MR: 27 },
  ...{ MT: 31, MU: 30, NI: 28, NL: 18, NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22 },
  ...{ RU: 33, SA: 24, SC: 31, SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SO: 23, ST: 25, SV: 28, TL: 23, TN: 24 },
  ...{ TR: 26, UA: 29, VA: 22, VG: 24, YE: 30 },
};

/** How accounts are named in a country. */
export function schemeOf(country: string): Scheme {
  if (country === "AU") return "au";
  if (country === "US") return "us";
  return Object.hasOwn(ibanLengths, country) ? "iban" : "swift";
}

/**
 * Reads what was typed for an account in `country`; people write blanks, dots and hyphens between the digits, and
 * those go. Answers the numbers, or what is wrong with each field.
 */
export function readNumbers(
  country: string,
  typed: { readonly [K in NumberField]?: string | undefined },
): { readonly numbers: Numbers } | { readonly problems: Readonly<Partial<Record<NumberField, NumberProblem>>> } {
  const bare = (field: NumberField) => (typed[field] ?? "").toUpperCase().replaceAll(/[\s.\-–]/g, "");
  const scheme = schemeOf(country);
  const account = bare("account");
  const bic = bare("bic");
  switch (scheme) {
    case "au": {
      const bsb = bare("bsb");
      return made({ scheme, bsb, account }, { bsb: bsbProblem(bsb), account: accountProblem(account, scheme) });
    }
    case "us": {
      const routing = bare("routing");
      const problems = { routing: routingProblem(routing), account: accountProblem(account, scheme) };
      return made({ scheme, routing, account }, problems);
    }
    case "iban": {
      const iban = bare("iban");
      return made({ scheme, iban, bic }, { iban: ibanProblem(iban, country), bic: bicProblem(bic, undefined) });
    }
    case "swift": {
      const problems = { bic: bicProblem(bic, country), account: accountProblem(account, scheme) };
      return made({ scheme, bic, account }, problems);
    }
  }
}

function made(numbers: Numbers, found: Readonly<Partial<Record<NumberField, NumberProblem | undefined>>>) {
  const problems = Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== undefined));
  return Object.keys(problems).length > 0
    ? { problems: problems as Partial<Record<NumberField, NumberProblem>> }
    : { numbers };
}

/** Six digits: bank, state and branch. */
function bsbProblem(bsb: string): NumberProblem | undefined {
  return /^\d{6}$/.test(bsb) && bsb !== "000000" ? undefined : "bsb.form";
}

const accountForms: Readonly<Record<Exclude<Scheme, "iban">, readonly [RegExp, NumberProblem]>> = {
  au: [/^\d{5,9}$/, "account.au"],
  us: [/^\d{4,17}$/, "account.us"],
  swift: [/^[A-Z0-9]{5,34}$/, "account.any"],
};

function accountProblem(account: string, scheme: Exclude<Scheme, "iban">): NumberProblem | undefined {
  const [form, problem] = accountForms[scheme];
  return form.test(account) && !/^0+$/.test(account) ? undefined : problem;
}

/** Nine digits, the last a check: 3, 7 and 1 by turns times the digits is a multiple of ten (ABA). */
function routingProblem(routing: string): NumberProblem | undefined {
  if (!/^\d{9}$/.test(routing)) return "routing.form";
  const sum = [...routing].reduce((all, digit, index) => all + Number(digit) * ([3, 7, 1][index % 3] ?? 0), 0);
  // The first two digits are a district of the Federal Reserve or one of the ranges beside them.
  const range = Number(routing.slice(0, 2));
  const known =
    (range >= 1 && range <= 12) || (range >= 21 && range <= 32) || (range >= 61 && range <= 72) || range === 80;
  return sum % 10 === 0 && known ? undefined : "routing.check";
}

/** Country, length and the remainder of 97 after the first four characters went to the end (ISO 13616, ISO 7064). */
function ibanProblem(iban: string, country: string): NumberProblem | undefined {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban) || iban.length > 34) return "iban.form";
  if (iban.slice(0, 2) !== country) return "iban.country";
  if (iban.length !== ibanLengths[country]) return "iban.length";
  const check = Number(iban.slice(2, 4));
  if (check < 2 || check > 98) return "iban.check";
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1 ? undefined : "iban.check";
}

/** A BIC (ISO 9362), 8 or 11 characters. Beside an IBAN it may be left out, and may name a bank in another country. */
function bicProblem(bic: string, country: string | undefined): NumberProblem | undefined {
  if (country === undefined && bic === "") return undefined;
  if (!/^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(bic)) return "bic.form";
  return country !== undefined && bic.slice(4, 6) !== country ? "bic.country" : undefined;
}

/** The last four characters of the account: all that anybody sees of it. */
export function last4Of(numbers: Numbers): string {
  return (numbers.scheme === "iban" ? numbers.iban : numbers.account).slice(-4);
}

/** The numbers in the one line that a provider takes. */
export function oneLine(numbers: Numbers): string {
  switch (numbers.scheme) {
    case "au":
      return `${numbers.bsb}-${numbers.account}`;
    case "us":
      return `${numbers.routing}/${numbers.account}`;
    case "iban":
      return numbers.iban;
    case "swift":
      return `${numbers.bic}/${numbers.account}`;
  }
}
