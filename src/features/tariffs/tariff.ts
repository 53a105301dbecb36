import { walletPurposes } from "#features/wallets/wallet.ts";
import type { Id } from "#kernel/ids.ts";
import { type Currency, largestMinor, type Money, money } from "#kernel/money.ts";
import { type BasisPoints, portion } from "#kernel/rate.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";

export type TariffId = Id<"tar">;

/** Where a transfer goes: to a wallet of the same institution, or out to the bank account of its owner. */
export const transferRoutes = ["wallet", "bank"] as const;
export type TransferRoute = (typeof transferRoutes)[number];

/** The kind of wallet that a tariff is for; '' is for all that have none of their own. */
export const tariffPurposes = ["", ...walletPurposes] as const;
export type TariffPurpose = (typeof tariffPurposes)[number];

/** What counts for amounts from `from` on, until the next tier begins. It counts for the whole amount. */
export type Tier = { readonly from: bigint; readonly fixed: bigint; readonly rateBps: BasisPoints };

/** Behind: it has begun and is not over, but one that began later goes before it. */
export const tariffStandings = ["in_force", "coming", "behind", "ended"] as const;
export type TariffStanding = (typeof tariffStandings)[number];

/** How a fee is made: the tier that holds the amount, then at least `minimum` and at most `maximum`. Minor units. */
export type Pricing = {
  readonly currency: Currency;
  readonly minimum: bigint;
  readonly maximum: bigint | undefined;
  /** In the order of `from`. */
  readonly tiers: readonly Tier[];
};

/** What transfers of one currency and route cost from a day on. What has begun is never changed, only ended. */
export type Tariff = Pricing & {
  readonly id: TariffId;
  readonly purpose: TariffPurpose;
  readonly route: TransferRoute;
  readonly from: PlainDate;
  /** The last day; undefined: until another takes its place. */
  readonly until: PlainDate | undefined;
  readonly setBy: string;
  readonly createdAt: Instant;
  readonly endedAt: Instant | undefined;
  readonly withdrawnAt: Instant | undefined;
};

/** A tariff before it is set; its id is made with the form. */
export type TariffDraft = Pick<
  Tariff,
  "id" | "purpose" | "currency" | "route" | "from" | "until" | "minimum" | "maximum" | "tiers"
>;

/** The tier that holds an amount: the highest one that does not begin above it. */
export function tierOf(tiers: readonly Tier[], minor: bigint): Tier | undefined {
  return tiers.findLast((tier) => tier.from <= minor);
}

/**
 * What a transfer of `amount` costs: fixed part and rate of its tier, the rate rounded half up to a minor unit, then
 * the minimum and the maximum. Quotes, charges and the tables that staff try a tariff out with all come from here.
 */
export function feeOf({ currency, minimum, maximum, tiers }: Pricing, amount: Money): Money {
  const tier = tierOf(tiers, amount.minor);
  const plain = tier ? tier.fixed + portion(amount.minor, tier.rateBps) : 0n;
  const least = plain < minimum ? minimum : plain;
  const most = maximum ?? largestMinor;
  return money(least > most ? most : least, currency);
}

/** Where a tariff stands on a day, by itself: whether another one goes before it is another question. */
export function standsOn(tariff: Pick<Tariff, "from" | "until" | "withdrawnAt">, day: PlainDate) {
  if (tariff.withdrawnAt !== undefined) return "withdrawn" as const;
  if (Temporal.PlainDate.compare(tariff.from, day) > 0) return "coming" as const;
  const over = tariff.until !== undefined && Temporal.PlainDate.compare(tariff.until, day) < 0;
  return over ? ("ended" as const) : ("in_force" as const);
}
