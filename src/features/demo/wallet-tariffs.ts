import { permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { setTariff } from "#features/tariffs/set-tariff.ts";
import type { TariffPurpose, Tier, TransferRoute } from "#features/tariffs/tariff.ts";
import { newId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import { moved, noon, type Story } from "./story.ts";
import { asStaff } from "./wallets.ts";

type Terms = {
  readonly currency: Currency;
  readonly route: TransferRoute;
  readonly tiers: readonly Tier[];
  readonly purpose?: TariffPurpose;
  readonly minimum?: bigint;
  readonly maximum?: bigint;
};

const fixed = (minor: bigint): readonly Tier[] => [{ from: 0n, fixed: minor, rateBps: 0 }];

const toWallet: Terms = { currency: "AUD", route: "wallet", tiers: fixed(50n) };
const outOfReserve: Terms = { currency: "AUD", route: "wallet", purpose: "reserve", tiers: fixed(0n) };
const yenToWallet: Terms = { currency: "JPY", route: "wallet", tiers: fixed(80n) };
const toBankAtFirst: Terms = { currency: "AUD", route: "bank", tiers: fixed(500n) };
const toBank: Terms = {
  currency: "AUD",
  route: "bank",
  tiers: [
    { from: 0n, fixed: 0n, rateBps: 50 },
    { from: 1_000_000n, fixed: 1_000n, rateBps: 25 },
  ],
  minimum: 200n,
  maximum: 4_000n,
};

/** What transfers cost: tariffs of a year ago, of which one gave way to another, and one that begins next month. */
export async function setTariffs(story: Story, owner: Staff): Promise<void> {
  const firstDay = moved(story, "2025-12-01");
  await set(story, owner, firstDay, firstDay, toWallet);
  await set(story, owner, firstDay, firstDay, outOfReserve);
  await set(story, owner, firstDay, firstDay, yenToWallet);
  await set(story, owner, firstDay, firstDay, toBankAtFirst);
  await set(story, owner, moved(story, "2026-06-15"), moved(story, "2026-07-01"), toBank);
  const nextMonth = todayOf(story.cx.institution, story.cx.now).add({ months: 1 }).with({ day: 1 });
  await set(story, owner, moved(story, "2026-11-19"), nextMonth, { ...toBank, minimum: 100n, maximum: 2_500n });
}

async function set(story: Story, owner: Staff, on: PlainDate, from: PlainDate, terms: Terms): Promise<void> {
  const cx = asStaff(story, owner, noon(on));
  await setTariff(cx, permit(owner, "tariffs.write"), {
    id: newId("tar", cx.now, cx.random),
    purpose: "",
    minimum: 0n,
    maximum: undefined,
    until: undefined,
    from,
    ...terms,
  });
}
