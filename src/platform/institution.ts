import type { InstitutionId } from "#access/principal.ts";
import { type Currency, isCurrency } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { dateIn, type Instant, type PlainDate } from "#kernel/time.ts";

/** The tenant as every page and document knows it. */
export type Institution = {
  readonly id: InstitutionId;
  readonly name: string;
  readonly legalName: string;
  readonly registrationLabel: string;
  readonly registrationNumber: string;
  readonly country: string;
  readonly timeZone: string;
  readonly locale: string;
  readonly currencies: readonly Currency[];
  readonly brandColour: string;
  readonly contactEmail: string;
  readonly contactPhone: string;
  readonly address: string;
  readonly taxName: string;
  readonly taxBps: number;
  readonly dueWindowDays: number;
  readonly isDemo: boolean;
  readonly isLive: boolean;
};

/** Stands where there is no institution yet: set-up and error pages need a name and a colour all the same. */
export const noInstitution: Institution = {
  id: "inst_" as InstitutionId,
  name: "Portico",
  legalName: "",
  registrationLabel: "",
  registrationNumber: "",
  country: "AU",
  timeZone: "UTC",
  locale: "en-AU",
  currencies: [],
  brandColour: "#0d5c4b",
  contactEmail: "",
  contactPhone: "",
  address: "",
  taxName: "GST",
  taxBps: 0,
  dueWindowDays: 30,
  isDemo: false,
  isLive: false,
};

/** The institution from its row as jsonb. */
export function institutionFromJson(json: unknown): Institution {
  const row = json as Record<string, unknown>;
  return {
    id: String(row.id ?? "") as InstitutionId,
    name: String(row.name ?? ""),
    legalName: String(row.legal_name ?? ""),
    registrationLabel: String(row.registration_label ?? ""),
    registrationNumber: String(row.registration_number ?? ""),
    country: String(row.country ?? ""),
    timeZone: String(row.time_zone ?? ""),
    locale: String(row.locale ?? ""),
    currencies: (row.currencies as string[]).filter(isCurrency),
    brandColour: String(row.brand_colour ?? ""),
    contactEmail: String(row.contact_email ?? ""),
    contactPhone: String(row.contact_phone ?? ""),
    address: String(row.address ?? ""),
    taxName: String(row.tax_name ?? ""),
    taxBps: Number(row.tax_bps),
    dueWindowDays: Number(row.due_window_days),
    isDemo: row.is_demo === true,
    isLive: row.live_at !== null,
  };
}

/** Why nothing new can be in this currency, and what to do; undefined where the institution uses it. */
export function currencyProblem({ currencies }: Institution, currency: Currency): string | undefined {
  if (currencies.includes(currency)) return undefined;
  return `${currency} is not among your currencies (${currencies.join(", ")}). Add it under Institution first.`;
}

/** Throws `form.invalid` (field `currency`) for a currency that the institution does not use. */
export function assertCurrencyInUse(institution: Institution, currency: Currency): void {
  const words = currencyProblem(institution, currency);
  if (words !== undefined) throw new Problem("form.invalid", words, { fields: { currency: words } });
}

/** Today, as the institution's calendar has it: due dates are judged by it. */
export function todayOf(institution: Institution, now: Instant): PlainDate {
  return dateIn(institution.timeZone, now);
}
