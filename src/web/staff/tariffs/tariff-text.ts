import {
  type TariffDraft,
  type TariffPurpose,
  type Tier,
  tariffPurposes,
  transferRoutes,
} from "#features/tariffs/tariff.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { isId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";

/** The lines of the form for tiers; the first one begins at nothing. */
export const tierLines = [1, 2, 3, 4, 5, 6, 7, 8] as const;
type Line = (typeof tierLines)[number];

const names = ["purpose", "currency", "route", "from", "until", "minimum", "maximum", "rows", "key"] as const;

/** Every field of the form of a tariff. */
export const tariffFields = [
  ...names,
  ...tierLines.flatMap((line) => [`from_${line}`, `fixed_${line}`, `percent_${line}`] as const),
] as const;

type Field = (typeof tariffFields)[number];

/** "any" stands for all kinds of wallets in forms and addresses, where an empty word would read as no choice. */
export const purposeChoices = tariffPurposes.map((one) => (one === "" ? "any" : one));

/** What was typed for a new tariff. Throws `form.invalid` with the words for each field. */
export function readTariff(typed: Readonly<Partial<Record<Field, string | undefined>>>): TariffDraft {
  const cells = new Cells<Field>(
    Object.fromEntries(tariffFields.map((name) => [name, typed[name] ?? ""])) as Record<Field, string>,
  );
  const id = cells.raw("key");
  if (!isId("tar", id)) throw new Problem("conflict", "This form is too old. Open it again.");
  const purpose = cells.oneOf("purpose", purposeChoices);
  const route = cells.oneOf("route", transferRoutes);
  const currency = cells.currency("currency");
  const from = cells.date("from");
  const until = cells.raw("until") === "" ? undefined : cells.date("until");
  const minimum = currency && cells.amount("minimum", currency, 0n);
  const maximum = currency && cells.raw("maximum") !== "" ? cells.amount("maximum", currency, 0n) : undefined;
  const tiers = currency ? readTiers(cells, currency) : [];
  assertNoProblems(cells.problems);
  // Without a problem every reader has answered.
  if (!(purpose && route && currency && from && minimum)) throw new Error("A form without problems has its values");
  return {
    id,
    purpose: (purpose === "any" ? "" : purpose) as TariffPurpose,
    route,
    currency,
    from,
    until,
    minimum: minimum.minor,
    maximum: maximum?.minor,
    tiers,
  };
}

function readTiers(cells: Cells<Field>, currency: Currency): Tier[] {
  const tiers: Tier[] = [];
  for (const line of tierLines) {
    if (line > 1 && !isFilled(cells, line)) continue;
    const from = line === 1 ? 0n : readFrom(cells, line, currency, tiers.at(-1)?.from ?? 0n);
    const fixed = cells.amount(`fixed_${line}`, currency, 0n)?.minor;
    const rateBps = cells.raw(`percent_${line}`) === "" ? 0 : cells.percent(`percent_${line}`, 0);
    if (from !== undefined && fixed !== undefined && rateBps !== undefined) tiers.push({ from, fixed, rateBps });
  }
  return tiers;
}

function isFilled(cells: Cells<Field>, line: Line): boolean {
  return [`from_${line}`, `fixed_${line}`, `percent_${line}`].some((name) => cells.raw(name as Field) !== "");
}

function readFrom(cells: Cells<Field>, line: Line, currency: Currency, before: bigint): bigint | undefined {
  const name = `from_${line}` as const;
  if (cells.raw(name) === "") return cells.refuse(name, "Write the amount from which this tier counts.");
  const from = cells.amount(name, currency, 1n)?.minor;
  if (from === undefined || from > before) return from;
  return cells.refuse(name, "Each tier begins above the one before it.");
}
