import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { Currency } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";
import { addCurrencies, updateDetails } from "./institution-store.ts";

/** What an owner or administrator may change of the institution. */
export type InstitutionDetails = {
  readonly name: string;
  readonly legalName: string;
  readonly registrationLabel: string;
  readonly registrationNumber: string;
  readonly address: string;
  readonly contactEmail: string;
  readonly contactPhone: string;
  readonly timeZone: string;
  readonly brandColour: string;
  /** How many days before its due date a scheduled payment is called due. */
  readonly dueWindowDays: number;
};

/**
 * Saves the details, and takes `more` currencies besides those that there are: none goes, since money stands in it.
 * The audit log keeps the names of what changed with the new words.
 */
export async function editInstitution(
  cx: Cx<Staff>,
  _may: Permit<"institution.write">,
  details: InstitutionDetails,
  more: readonly Currency[] = [],
): Promise<void> {
  const before = cx.institution;
  const changed = Object.fromEntries(
    Object.entries(details).filter(([name, value]) => before[name as keyof InstitutionDetails] !== value),
  );
  const added = [...new Set(more)].filter((currency) => !before.currencies.includes(currency));
  if (Object.keys(changed).length === 0 && added.length === 0) return;
  await updateDetails(cx, details);
  if (added.length > 0) await addCurrencies(cx, added);
  const currencies = added.length > 0 && { currencies: [...before.currencies, ...added].join(", ") };
  record(cx, { event: "institution.edited", subject: before.id, data: { ...changed, ...currencies } });
}
