import { feeOf, type Pricing, type Tariff, type TariffDraft, type TariffId } from "#features/tariffs/tariff.ts";
import { type ListedTariff, withStanding } from "#features/tariffs/tariff-list.ts";
import { readTariffRow, tariffsFrom } from "#features/tariffs/tariff-store.ts";
import { type Currency, exponentOf, type Money, money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** How another tariff and this one go together, seen from this one. */
export type Overlap = {
  readonly kind: /** Both count from the same day on: the one that was written last does. */
    | "same-day"
    /** It began before: this one takes its place. */
    | "takes-place-of"
    /** It begins later: it takes this one's place. */
    | "gives-way-to"
    /** It is for one kind of wallet, this one for all: there it goes before this one. */
    | "not-for-kind"
    /** It is for all kinds: for its own kind this one goes before it. */
    | "before-any";
  readonly other: Tariff;
};

/** The tariffs that have to do with this one, in the order of their first day. */
export function overlapsOf(one: TariffDraft, others: readonly Tariff[]): Overlap[] {
  return others
    .filter((other) => other.id !== one.id && meet(one, other))
    .flatMap((other): Overlap[] => {
      if (other.purpose === one.purpose) return [{ kind: sameScope(one, other), other }];
      if (one.purpose === "") return [{ kind: "not-for-kind", other }];
      return other.purpose === "" ? [{ kind: "before-any", other }] : [];
    })
    .toSorted(({ other: a }, { other: b }) => Temporal.PlainDate.compare(a.from, b.from) || (a.id < b.id ? -1 : 1));
}

function sameScope(one: Pick<Tariff, "from">, other: Pick<Tariff, "from">): Overlap["kind"] {
  const order = Temporal.PlainDate.compare(other.from, one.from);
  return order === 0 ? "same-day" : order < 0 ? "takes-place-of" : "gives-way-to";
}

/** Whether there is a day on which both count. */
function meet(one: TariffDraft, other: Tariff): boolean {
  const overBefore = (a: Pick<Tariff, "until">, b: Pick<Tariff, "from">) =>
    a.until !== undefined && Temporal.PlainDate.compare(a.until, b.from) < 0;
  return !overBefore(one, other) && !overBefore(other, one);
}

/** What has to do with a tariff that is to be set, or that is set. */
export async function findOverlaps(cx: Cx, one: TariffDraft): Promise<Overlap[]> {
  return overlapsOf(one, await tariffsFrom(cx, one, one.from));
}

/** One line of a table that tries a tariff out. */
export type Example = { readonly amount: Money; readonly fee: Money };

/** What a few amounts would cost: round ones, those around each tier, and `more`. By the code that charges. */
export function examplesOf(pricing: Pricing, more: readonly bigint[] = []): Example[] {
  const unit = 10n ** BigInt(exponentOf(pricing.currency));
  const scale = exampleScale(pricing.currency);
  const round = [10n, 50n, 100n, 500n, 1_000n, 5_000n, 10_000n].map((amount) => amount * unit * scale);
  const edges = pricing.tiers.flatMap(({ from }) => (from > 0n ? [from - 1n, from] : []));
  const amounts = [...new Set([...round, ...edges, ...more])].filter((minor) => minor > 0n);
  return amounts
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((minor) => {
      const amount = money(minor, pricing.currency);
      return { amount, fee: feeOf(pricing, amount) };
    });
}

/** Where a unit is worth little, examples are about more of them. */
function exampleScale(currency: Currency): bigint {
  return exponentOf(currency) === 0 ? 100n : 1n;
}

/** A tariff as its page shows it. Throws `not-found`. */
export async function showTariff(
  cx: Cx,
  id: TariffId,
): Promise<ListedTariff & { readonly overlaps: readonly Overlap[] }> {
  const tariff = await readTariffRow(cx, id);
  if (!tariff) throw notFound();
  const [listed] = await withStanding(cx, [tariff]);
  if (!listed) throw notFound();
  return { ...listed, overlaps: tariff.withdrawnAt === undefined ? await findOverlaps(cx, tariff) : [] };
}
