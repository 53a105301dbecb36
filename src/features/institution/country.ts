/** What an institution starts with in its country. All of it can be changed later. */
export type CountryDefaults = {
  readonly registrationLabel: string;
  readonly taxName: string;
  /** Standard rate in basis points, as of 2026; 0 where it differs by place. */
  readonly taxBps: number;
  readonly locale: string;
};

// Standard rates: ato.gov.au, ird.govt.nz, gov.uk, iras.gov.sg, revenue.ie, canada.ca, hasil.gov.my.
const known: Readonly<Record<string, CountryDefaults>> = {
  AU: { registrationLabel: "ABN", taxName: "GST", taxBps: 1_000, locale: "en-AU" },
  NZ: { registrationLabel: "NZBN", taxName: "GST", taxBps: 1_500, locale: "en-NZ" },
  GB: { registrationLabel: "Company number", taxName: "VAT", taxBps: 2_000, locale: "en-GB" },
  IE: { registrationLabel: "Company number", taxName: "VAT", taxBps: 2_300, locale: "en-IE" },
  SG: { registrationLabel: "UEN", taxName: "GST", taxBps: 900, locale: "en-SG" },
  CA: { registrationLabel: "Business number", taxName: "GST", taxBps: 500, locale: "en-CA" },
  US: { registrationLabel: "EIN", taxName: "Sales tax", taxBps: 0, locale: "en-US" },
  AE: { registrationLabel: "TRN", taxName: "VAT", taxBps: 500, locale: "en-AE" },
};

// ISO 3166-1 alpha-2.
const codes = `
  AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BZ CA CD CF CG CH CI CL CM CN
  CO CR CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR
  HT HU ID IE IL IN IQ IS IT JM JO JP KE KG KH KI KM KN KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
  MG MH MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA
  RO RS RW SA SB SC SE SG SI SK SL SM SN SO SR SS ST SV SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY
  UZ VA VC VE VN VU WS YE ZA ZM ZW
`
  .trim()
  .split(/\s+/);

const names = new Intl.DisplayNames("en-AU", { type: "region" });

/** Every country with its English name, by name. */
export const countries: readonly { readonly code: string; readonly name: string }[] = codes
  .map((code) => ({ code, name: names.of(code) ?? code }))
  .sort((a, b) => a.name.localeCompare(b.name, "en"));

/** Whether this is a country code that we know. */
export function isCountry(code: string): boolean {
  return codes.includes(code);
}

/** What an institution of this country starts with. */
export function defaultsOf(country: string): CountryDefaults {
  return known[country] ?? { registrationLabel: "Registration", taxName: "Tax", taxBps: 0, locale: "en-AU" };
}

/** Every IANA time zone, UTC first. */
export const timeZones: readonly string[] = [
  "UTC",
  ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC"),
];
