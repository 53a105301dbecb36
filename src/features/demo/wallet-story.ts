import { permit } from "#access/permit.ts";
import { rejectTransfer } from "#features/transfers/decide-transfer.ts";
import { approveAdjustment, proposeAdjustment } from "#features/wallets/adjust-wallet.ts";
import { freezeWallet, switchPayouts } from "#features/wallets/set-wallet-state.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import { moved, type Story } from "./story.ts";
import { bankStory } from "./wallet-bank-story.ts";
import { momentOn, WalletDays, type WalletEvent } from "./wallet-days.ts";
import { type Move, moveLater } from "./wallet-moves.ts";
import { asStaff, type WalletWorld } from "./wallets.ts";

const carried = "Balance of your former account, carried over";

/** Everything that happened to the wallets of the demo within a year, except what payouts brought. */
export function walletDays(story: Story, world: WalletWorld): WalletDays {
  const all = [...staffStory(story, world), ...monthByMonth(story, world), ...nowAndThen(story, world)];
  return new WalletDays(story, [...all, ...rejected(story, world), ...bankStory(story, world)]);
}

/** Staff carried balances over, turned payouts to a wallet, froze one, and proposed what still waits. */
function staffStory(story: Story, world: WalletWorld): WalletEvent[] {
  const { meridian, sakura } = world;
  const { owner } = world.colleagues;
  const may = permit(owner, "wallets.write");
  const as = (at: Instant) => asStaff(story, owner, at);
  const why = "Who may sign for this wallet is being checked. Please call us on +61 2 5550 0100.";
  return [
    adjusted(story, world, "2025-12-08", "10:00", meridian.general, 250_000n, carried),
    adjusted(story, world, "2025-12-08", "10:04", sakura.general, 90_000n, carried),
    adjusted(story, world, "2025-12-08", "10:09", sakura.jpy, 240_000n, carried),
    {
      at: momentOn(story, "2026-02-02", "10:20"),
      run: (at) => switchPayouts(as(at), may, meridian.general.id, true),
    },
    {
      at: momentOn(story, "2026-10-30", "16:45"),
      run: (at) => freezeWallet(as(at), may, meridian.deposits.id, why),
    },
    adjusted(story, world, "2026-11-19", "11:30", meridian.general, 1_450n, "A fee of October, charged twice", true),
  ];
}

/** Proposed by one, and approved by the other a little later unless it still waits. */
function adjusted(
  story: Story,
  { colleagues }: WalletWorld,
  day: string,
  time: string,
  wallet: Wallet,
  minor: bigint,
  reason: string,
  waits = false,
): WalletEvent {
  const run = async (at: Instant) => {
    const { owner, admin } = colleagues;
    const proposing = asStaff(story, admin, at);
    const amount = money(minor, wallet.currency);
    const key = newId("adj", at, story.cx.random);
    const proposal = { wallet: wallet.id, amount, reason, key };
    const { id } = await proposeAdjustment(proposing, permit(admin, "wallets.adjust"), proposal);
    if (waits) return;
    await approveAdjustment(asStaff(story, owner, at.add({ minutes: 3 })), permit(owner, "wallets.adjust"), id);
  };
  return { at: momentOn(story, day, time), run };
}

type Way = Pick<Move, "by" | "from" | "to">;

function move(story: Story, day: string, time: string, way: Way, minor: bigint, reference: string): WalletEvent {
  return { move: { at: momentOn(story, day, time), ...way, minor, reference } };
}

/** The same way each month from a day on. */
function monthly(
  story: Story,
  first: string,
  time: string,
  way: Way,
  minors: readonly bigint[],
  reference: string,
): WalletEvent[] {
  return minors.map((minor, months) => {
    const day = Temporal.PlainDate.from(first).add({ months });
    const month = moved(story, day.toString()).toLocaleString("en-AU", { month: "long" });
    return move(story, day.toString(), time, way, minor, `${reference}, ${month}`);
  });
}

/** Each month a part for the sub-agent, something set aside for tax, and what was earned in Tokyo. */
function monthByMonth(story: Story, { meridian, sakura, grace, daniel, kaori }: WalletWorld): WalletEvent[] {
  const parts = [42_000n, 38_550n, 61_000n, 47_500n, 52_000n, 33_800n, 74_250n, 58_000n, 45_000n, 66_900n, 39_400n];
  const aside = [40_000n, 42_500n, 45_000n, 45_000n, 47_500n, 50_000n, 52_500n, 52_500n, 55_000n];
  const tokyo = [14_000n, 15_500n, 12_000n, 21_000n, 18_400n, 22_000n, 17_600n, 19_000n, 23_500n];
  const toSakura = { by: daniel, from: meridian.general, to: sakura.general };
  const toReserve = { by: grace, from: meridian.general, to: meridian.reserve };
  const yen = { by: kaori, from: sakura.jpy, to: meridian.jpy };
  return [
    ...monthly(story, "2026-01-12", "11:05", toSakura, parts, "Sub-agent’s part"),
    ...monthly(story, "2026-02-26", "09:40", toReserve, aside, "Set aside for tax"),
    ...monthly(story, "2026-02-09", "13:30", yen, tokyo, "Counselling in Tokyo"),
  ];
}

function nowAndThen(story: Story, { meridian, sakura, grace, daniel, kaori }: WalletWorld): WalletEvent[] {
  const back = { by: kaori, from: sakura.general, to: meridian.general };
  const deposits = { by: daniel, from: meridian.general, to: meridian.deposits };
  const yenBack = { by: grace, from: meridian.jpy, to: sakura.jpy };
  const quarter = { by: grace, from: meridian.reserve, to: meridian.general };
  return [
    move(story, "2026-02-18", "14:15", back, 21_000n, "Half of the stand in Osaka"),
    move(story, "2026-04-22", "14:15", back, 15_800n, "Translations, first part"),
    move(story, "2026-06-17", "16:02", back, 26_500n, "Two visits to schools"),
    move(story, "2026-08-19", "12:41", back, 19_950n, "Half of the stand in Nagoya"),
    move(story, "2026-10-21", "15:33", back, 32_000n, "Translations, second part"),
    move(story, "2026-03-04", "10:10", deposits, 60_000n, "Students’ deposits"),
    move(story, "2026-05-06", "10:10", deposits, 45_000n, "Students’ deposits"),
    move(story, "2026-09-02", "09:52", deposits, 80_000n, "Students’ deposits"),
    move(story, "2026-05-14", "15:20", yenBack, 18_000n, "Interpreter in Kyoto"),
    move(story, "2026-09-15", "15:20", yenBack, 22_500n, "Interpreter in Kyoto"),
    move(story, "2026-07-20", "12:00", quarter, 120_000n, "Tax of the quarter"),
  ];
}

/** Above the limit, and staff said no. */
function rejected(story: Story, { meridian, sakura, daniel, colleagues }: WalletWorld): WalletEvent[] {
  const { admin } = colleagues;
  const asked = { by: daniel, from: meridian.general, to: sakura.general, minor: 540_000n, reference: "Fair in Seoul" };
  const why = "We found no invoice for this. Please send it to us, then ask again.";
  const run = async (at: Instant) => {
    const id = await moveLater(story, { at, ...asked });
    await rejectTransfer(asStaff(story, admin, at.add({ hours: 3 })), permit(admin, "transfers.approve"), id, why);
  };
  return [{ at: momentOn(story, "2026-10-06", "10:50"), run }];
}
