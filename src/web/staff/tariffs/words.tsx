import type { Pricing, Tariff, TariffPurpose, TransferRoute } from "#features/tariffs/tariff.ts";
import type { ListedTariff } from "#features/tariffs/tariff-list.ts";
import type { Overlap } from "#features/tariffs/tariff-views.ts";
import { purposeWords } from "#features/wallets/wallet.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import { toPercent } from "#kernel/rate.ts";
import { t } from "#web/staff/shared.tsx";
import { Chip, type Tone } from "#web/ui/status.tsx";

/** Where transfers go, as staff read it. */
export const routeWords: Readonly<Record<TransferRoute, string>> = {
  wallet: "To a wallet",
  bank: "To the bank",
};

/** The kind of wallet that a tariff is for. */
export function kindWords(purpose: TariffPurpose): string {
  return purpose === "" ? "Any kind" : purposeWords[purpose];
}

/** A tariff by what it is for: "To the bank, AUD, any kind". */
export function nameOf({ route, currency, purpose }: Pick<Tariff, "route" | "currency" | "purpose">): string {
  return `${routeWords[route]}, ${currency}, ${kindWords(purpose).toLowerCase()}`;
}

const standings = {
  in_force: ["In force", "check", "ok"],
  coming: ["Coming", "clock", "info"],
  behind: ["Behind a newer one", "arrow-down", "mute"],
  ended: ["Ended", "hourglass", "mute"],
  withdrawn: ["Withdrawn", "ban", "mute"],
} as const satisfies Record<ListedTariff["stands"], readonly [string, string, Tone]>;

/** Where a tariff stands today, as a chip. */
export function Standing({ stands }: Pick<ListedTariff, "stands">) {
  const [words, icon, tone] = standings[stands];
  return <Chip tone={tone} icon={icon} words={words} />;
}

/** The word alone: for filters. */
export function standingWord(stands: ListedTariff["stands"]): string {
  return standings[stands][0];
}

/** From when to when it counts. */
export function daysOf({ from, until }: Pick<Tariff, "from" | "until">): string {
  return until === undefined ? `From ${t.date(from)}` : `${t.date(from)} to ${t.date(until)}`;
}

/** What each tier costs, a line each, then what bounds it: "1.00 + 0.5%". */
export function priceLines(pricing: Pricing): string[] {
  const inWords = (minor: bigint): string => t.money(money(minor, pricing.currency), "none");
  const tiers = pricing.tiers.map(({ from, fixed, rateBps }) => {
    const parts = [fixed > 0n ? inWords(fixed) : "", rateBps > 0 ? `${toPercent(rateBps)}%` : ""].filter(Boolean);
    const cost = parts.length === 0 ? "nothing" : parts.join(" + ");
    return from === 0n ? upper(cost) : `From ${inWords(from)}: ${cost}`;
  });
  const bounds = [
    pricing.minimum > 0n ? `at least ${inWords(pricing.minimum)}` : "",
    pricing.maximum === undefined ? "" : `at most ${inWords(pricing.maximum)}`,
  ].filter(Boolean);
  return bounds.length === 0 ? tiers : [...tiers, upper(bounds.join(", "))];
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What leaves the wallet in all. */
export function totalOf(amount: Amount, fee: Amount): Amount {
  return money(amount.minor + fee.minor, amount.currency);
}

/** How another tariff goes together with this one. */
export function overlapWords({ kind, other }: Overlap, one: Pick<Tariff, "from" | "until" | "purpose">): string {
  const begins = t.date(other.from);
  switch (kind) {
    case "same-day":
      return `Another one counts from ${begins} too. The one that was set last counts.`;
    case "takes-place-of": {
      const back =
        one.until === undefined
          ? ""
          : " After its last day the former one counts again, unless that has ended by then.";
      return `From ${t.date(one.from)} on it takes the place of the one that began on ${begins}.${back}`;
    }
    case "gives-way-to":
      return `From ${begins} on another one, which is set already, takes its place.`;
    case "not-for-kind":
      return `${kindWords(other.purpose)} wallets have a tariff of their own, which goes before this one.`;
    case "before-any":
      return `For ${kindWords(one.purpose).toLowerCase()} wallets it goes before the tariff for any kind of wallet.`;
  }
}
