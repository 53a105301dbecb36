import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { blockOf, sendAgain } from "#features/payouts/manage-payouts.ts";
import { readFacts } from "#features/payouts/payout-store.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import { switchPayouts } from "#features/wallets/set-wallet-state.ts";
import { saveWalletCurrency } from "#features/wallets/wallet-currencies.ts";
import { walletsOf } from "#features/wallets/wallet-views.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { moneyWorld } from "../../../test/support/money.ts";
import { expectPayoutsInOrder, type PayoutWorld, payoutWorld } from "../../../test/support/payout-world.ts";

let h: TestHouse;
let institution: Awaited<ReturnType<typeof moneyWorld>>["institution"];

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
}, 60_000);
afterAll(async () => await h?.close());

type Step =
  | { readonly do: "earn"; readonly list: bigint }
  | { readonly do: "refund"; readonly which: number; readonly part: bigint }
  | { readonly do: "pass"; readonly hours: number }
  | { readonly do: "approve" }
  | { readonly do: "account"; readonly ending: string }
  | { readonly do: "turn"; readonly to: "wallet" | "bank" }
  | { readonly do: "again" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("earn" as const), list: fc.bigInt(1n, 900_000n) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("refund" as const), which: fc.nat(9), part: fc.bigInt(1n, 100n) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("pass" as const), hours: fc.constantFrom(1, 30, 100, 170) }) },
  { weight: 4, arbitrary: fc.constant({ do: "approve" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("account" as const), ending: fc.constantFrom("4321", "9203", "9304") }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("turn" as const), to: fc.constantFrom("wallet", "bank") }),
  },
  { weight: 2, arbitrary: fc.constant({ do: "again" as const }) },
);

describe("payouts over any history", () => {
  test("what a partner has is what waits plus what its payouts hold; a reversal stands once, never above its share", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 22 }), async (steps) => {
        const world = await payoutWorld(h, await moneyWorld(h, institution));
        await world.contact();
        await world.account();
        await openWalletOf(world);
        const paid: { id: PaymentId; left: bigint }[] = [];
        for (const one of steps) await act(world, one, paid);
        await world.look();
        await expectPayoutsInOrder(h, world);
        expect(await sums(world.partner)).toEqual([]);
      }),
      { numRuns: 14, endOnFailure: true },
    );
  }, 180_000);
});

async function act(world: PayoutWorld, step: Step, paid: { id: PaymentId; left: bigint }[]): Promise<void> {
  const mine = async () => (await world.payouts()).filter((one) => one.partnershipId === world.partner);
  switch (step.do) {
    case "earn":
      paid.push({ id: await world.earn(step.list), left: step.list });
      return;
    case "refund": {
      const payment = paid[step.which % Math.max(1, paid.length)];
      if (!payment || payment.left === 0n) return;
      const list = (payment.left * step.part + 99n) / 100n;
      payment.left -= list;
      await world.refund(payment.id, list);
      return;
    }
    case "pass":
      return await world.pass({ hours: step.hours });
    case "approve": {
      await world.look();
      const waiting = (await mine()).filter((one) => one.state === "in_review").map((one) => one.id);
      await world.approve(waiting);
      await world.look();
      return;
    }
    case "account":
      await world.account(step.ending);
      return;
    case "turn":
      return await turn(world, step.to === "wallet");
    case "again":
      for (const payout of await mine()) {
        if (payout.state !== "failed" && payout.state !== "returned") continue;
        await h.system(institution, async (cx) => {
          const [facts] = await readFacts(cx, [payout.id]);
          if (facts && blockOf(facts) === undefined) {
            await sendAgain(cx, permit(cx.principal, "payouts.write"), payout.id);
          }
        });
      }
  }
}

/** A wallet of the partner; payouts go there once they are turned. */
async function openWalletOf({ partner }: PayoutWorld): Promise<void> {
  await h.member(institution, partner);
  await h.system(institution, async (cx) => {
    const may = permit(cx.principal, "wallets.write");
    await saveWalletCurrency(cx, may, { currency: "AUD", enabled: true, approvalAbove: undefined });
    await openWallet(cx, may, { partnership: partner, currency: "AUD", purpose: "general" });
  });
}

async function turn({ partner }: PayoutWorld, takes: boolean): Promise<void> {
  await h.system(institution, async (cx) => {
    const [wallet] = await walletsOf(cx, partner);
    if (wallet) await switchPayouts(cx, permit(cx.principal, "wallets.write"), wallet.id, takes);
  });
  await h.drain();
}

/** Rows that break the sums of one partner; none where all is well. */
async function sums(partner: string) {
  const { rows } = await h.admin.query(
    `with waiting as (
       select coalesce(sum(s.net_minor + s.tax_minor), 0) as minor from app.share s
        where s.partnership_id = $1 and s.state <> 'agreed' and not exists (select from app.payout_line l
          where l.share_id = s.id and l.kind = 'share')),
     taken as (select coalesce(sum(r.net_minor + r.tax_minor), 0) as minor from app.share_reversal r
        where r.partnership_id = $1 and not exists (select from app.payout_line l where l.reversal_id = r.id)),
     held as (select coalesce(sum(l.net_minor + l.tax_minor), 0) as minor from app.payout_line l
        join app.payout o on o.id = l.payout_id
       where l.partnership_id = $1 and o.state not in ('sent', 'paid'))
     select 'balance' as what, a.balance, waiting.minor as waiting, taken.minor as taken, held.minor as held
       from waiting, taken, held, (select coalesce(sum(balance), 0) as balance from ledger.account
          where kind = 'partner' and owner = $1) a
      where a.balance <> waiting.minor - taken.minor + held.minor
     union all
     select 'above its share', sum(l.net_minor + l.tax_minor), 0, 0, 0 from app.payout_line l
      where l.partnership_id = $1 and l.share_id is not null group by l.share_id
     having sum(l.net_minor + l.tax_minor) < 0
     union all
     select 'number ' || x.number, x.number, 0, 0, 0 from (select number, row_number() over (order by number) as n
       from app.payout where partnership_id = $1) x where x.number <> x.n`,
    [partner],
  );
  return rows;
}
