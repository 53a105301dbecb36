import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { freePartMoney } from "#features/money-in/free-part.ts";
import { matchMoney } from "#features/money-in/match-money.ts";
import { unmatchedMoney } from "#features/money-in/received-views.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { refundPayment } from "#features/refunds/refund-payment.ts";
import { money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { inTx } from "#platform/tx.ts";
import { sendTransfer } from "#providers/sandbox/payer.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { expectBooksInOrder, type MoneyWorld, moneyWorld } from "../../../test/support/money.ts";

let h: TestHouse;
let turn = 0;

beforeAll(async () => {
  h = await testHouse();
}, 60_000);
afterAll(async () => await h?.close());

type Move =
  | {
      readonly does: "by-hand" | "part" | "refund" | "goodwill" | "free";
      readonly payment: number;
      readonly size: bigint;
    }
  | { readonly does: "lands" | "match"; readonly payment: number; readonly size: bigint };

const moves = fc.array(
  fc.record({
    does: fc.constantFrom<Move["does"]>("by-hand", "by-hand", "part", "refund", "goodwill", "free", "lands", "match"),
    payment: fc.nat(5),
    size: fc.bigInt(1n, 1_300n),
  }),
  { minLength: 5, maxLength: 25 },
);
const owed = fc.array(
  fc.record({
    list: fc.bigInt(2n, 200_000n),
    off: fc.bigInt(0n, 700n),
    shareBps: fc.constantFrom(0, 1, 333, 2_500),
    // Half of the payments belong to the second customer.
    second: fc.boolean(),
  }),
  { minLength: 6, maxLength: 6 },
);

describe("the books after whatever happened", () => {
  test("law: random histories of paying, matching, refunding and freeing keep every law", async () => {
    await fc.assert(
      fc.asyncProperty(owed, moves, async (wanted, history) => {
        const world = await moneyWorld(h, await h.institution({ host: `college${++turn}.example` }));
        const staff = await h.staff(world.institution);
        const people = [await world.customer("Aiko"), await world.customer("Ken")] as const;
        const payments: { id: PaymentId; who: CustomerId; list: bigint }[] = [];
        for (const { list, off, shareBps, second } of wanted) {
          const who = people[second ? 1 : 0];
          const keep = list - (list * BigInt(shareBps) * 11n) / 100_000n - 2n;
          const discount = keep > 0n ? (keep * off) / 1_000n : 0n;
          payments.push({ id: await world.payment(who, { list, discount, shareBps }), who, list });
        }
        // Three at a time: what they touch overlaps, and the outcome must be one of some order.
        for (let at = 0; at < history.length; at += 3) {
          await Promise.all(history.slice(at, at + 3).map((move) => play(world, staff.token, payments, move)));
        }
        await expectBooksInOrder(h, world.institution);
      }),
      { numRuns: 25 },
    );
  }, 180_000);
});

async function play(
  world: MoneyWorld,
  token: string,
  payments: readonly { id: PaymentId; who: CustomerId; list: bigint }[],
  move: Move,
): Promise<void> {
  const one = payments[move.payment % payments.length];
  if (!one) return;
  const amount = money((one.list * move.size) / 1_000n || 1n, "AUD");
  const system = { as: "system", institution: world.institution, task: "test" } as const;
  try {
    switch (move.does) {
      case "by-hand":
      case "part":
        return void (await inTx(h.house, system, async (cx) =>
          recordByHand(cx, permit(cx.principal, "payments.record"), {
            payments: [{ id: one.id, amount: move.does === "part" ? money(amount.minor / 3n || 1n, "AUD") : amount }],
            receivedOn: Temporal.PlainDate.from("2026-11-20"),
            methodLabel: "Cash",
            note: "",
            quiet: true,
          }),
        ));
      case "refund":
      case "goodwill":
        return void (await inTx(h.house, system, async (cx) =>
          refundPayment(cx, permit(cx.principal, "payments.refund"), {
            payment: one.id,
            of: move.does === "refund" ? "list" : "keep",
            amount: money(amount.minor / 2n || 1n, "AUD"),
            how: "by_hand",
            reason: "",
          }),
        ));
      case "free":
        return void (await inTx(h.house, system, async (cx) => freePartMoney(cx, one.id)));
      case "lands":
        await sendTransfer(world.sandbox, world.institution, { amount, reference: "?", payerName: "" });
        return void (await h.drain());
      case "match": {
        return void (await inTx(h.house, { as: "staff", token }, async (cx) => {
          const [found] = await unmatchedMoney(cx);
          if (!found) return;
          await matchMoney(cx, permit(cx.principal, "receipts.match"), { received: found.id, customer: one.who });
        }));
      }
    }
  } catch (error) {
    // Refused is an outcome: paid already, nothing to refund, matched by another.
    if (!(error instanceof Problem) || error.status >= 500) throw error;
  }
}
