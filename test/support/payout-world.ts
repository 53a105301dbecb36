import { sql } from "kysely";
import { expect } from "vitest";
import { permit } from "#access/permit.ts";
import { proveBooks } from "#features/books/books.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { approvePayouts, versionOf } from "#features/payouts/approve-payouts.ts";
import { type Payout, type PayoutId, payoutNumber } from "#features/payouts/payout.ts";
import { lockPayouts, type PayoutRow, payoutColumns, payoutTables, toPayout } from "#features/payouts/payout-store.ts";
import { refundPayment } from "#features/refunds/refund-payment.ts";
import { newId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import { wake } from "#platform/jobs.ts";
import { inTx } from "#platform/tx.ts";
import type { TestHouse } from "./house.ts";
import { type MoneyWorld, moneyWorld } from "./money.ts";

export type PayoutWorld = Awaited<ReturnType<typeof payoutWorld>>;

/** A partner with a contact and an account, customers who pay, and hands for whatever happens to its payouts. */
export async function payoutWorld(h: TestHouse, given?: MoneyWorld) {
  const world = given ?? (await moneyWorld(h));
  const { institution } = world;
  const customer = await world.customer();
  const staff = await h.staff(institution, "OWNER");

  /** A payment of which the partner earns about a tenth, and tax. */
  const earn = async (list: bigint, currency: Currency = "AUD"): Promise<PaymentId> => {
    const payment = await world.payment(customer, { list, shareBps: 1_000, currency });
    await h.system(institution, async (cx) => {
      await recordByHand(cx, permit(cx.principal, "payments.record"), {
        payments: [{ id: payment, amount: money(list, currency) }],
        receivedOn: Temporal.PlainDate.from("2026-11-20"),
        methodLabel: "Cash",
        note: "",
      });
    });
    return payment;
  };
  const refund = async (payment: PaymentId, list: bigint, currency: Currency = "AUD") =>
    await h.system(institution, async (cx) => {
      const amount = money(list, currency);
      const input = { payment, of: "list", amount, how: "by_hand", reason: "Left the course" } as const;
      return await refundPayment(cx, permit(cx.principal, "payments.refund"), input);
    });
  const contact = (rights = ["view", "pay", "bank_details"]) => makeContact(h, world, rights);
  const account = (ending = "4321", currency: Currency = "AUD", proposedBy: string = staff.staffId) =>
    makeAccount(h, world, { ending, currency, proposedBy });
  const payouts = () => payoutsOf(h, institution);
  const look = async () => {
    await h.system(institution, async (cx) => {
      wake(cx, "payouts.gather", {});
      wake(cx, "payouts.send", {});
    });
    await h.drain();
  };
  return {
    ...world,
    staff,
    customerOfAll: customer,
    earn,
    refund,
    contact,
    account,
    payouts,
    /** Runs what is woken, then everything about payouts as the clock would have. */
    look: async () => {
      await h.drain();
      await look();
    },
    /** Lets time pass, with a look at payouts behind it. */
    pass: async (duration: Temporal.DurationLike) => {
      h.clock.advance(duration);
      await look();
    },
    /** Approves as this member of staff, or as a new administrator; answers what became of each. */
    approve: async (ids: readonly PayoutId[], token?: string) => {
      const person = token ?? (await h.staff(institution, "ADMIN")).token;
      return await inTx(h.ground, { as: "staff", token: person }, async (cx) => {
        const chosen = (await lockPayouts(cx, ids)).map((facts) => ({
          id: facts.payout.id,
          version: versionOf(facts),
        }));
        return await approvePayouts(cx, permit(cx.principal, "payouts.approve"), chosen);
      });
    },
    states: async () => (await payouts()).map((one) => `${payoutNumber(one.number)} ${one.state} ${one.total.minor}`),
  };
}

/** Every payout of the institution, by number. */
async function payoutsOf(h: TestHouse, institution: MoneyWorld["institution"]): Promise<Payout[]> {
  return await h.system(institution, async (cx) => {
    const { rows } = await sql<PayoutRow>`select ${payoutColumns} from ${payoutTables} order by o.number`.execute(
      cx.db,
    );
    return rows.map(toPayout);
  });
}

type Of = Pick<MoneyWorld, "institution" | "partner">;

async function makeContact(h: TestHouse, { institution, partner }: Of, rights: readonly string[]): Promise<string> {
  const id = newId("con", h.clock.now(), h.random);
  await h.admin.query(
    `insert into app.contact (institution_id, id, partnership_id, name, email, rights, created_at, updated_at)
     values ($1, $2, $3, 'Ahmed Sharma', $4, $5, $6, $6)`,
    [institution, id, partner, `${id.slice(-8)}@partners.example`, rights, h.clock.now().toString()],
  );
  return id;
}

type AccountFacts = { readonly ending: string; readonly currency: Currency; readonly proposedBy: string };

/** An account in use, in place of the one before; the sandbox makes something of its ending. */
async function makeAccount(h: TestHouse, { institution, partner }: Of, facts: AccountFacts): Promise<string> {
  const { ending, currency, proposedBy } = facts;
  const id = newId("bac", h.clock.now(), h.random);
  const numbers = { scheme: "au", bsb: "062000", account: `1234${ending}` };
  const sealed = h.ground.keys.seal(h.random, "bank-account", id, JSON.stringify(numbers));
  await h.admin.query(
    `update app.bank_account set state = 'replaced' where partnership_id = $1 and currency = $2 and state = 'active'`,
    [partner, currency],
  );
  await h.admin.query(
    `insert into app.bank_account (institution_id, id, partnership_id, currency, holder_name, bank_name, sealed, last4,
       state, proposed_by_kind, proposed_by, created_at)
     values ($1, $2, $3, $4, 'Meridian Pty Ltd', 'Sample Bank', $8, $5, 'active', 'staff', $6, $7)`,
    [institution, id, partner, currency, ending, proposedBy, h.clock.now().toString(), sealed],
  );
  return id;
}

/** The books, their cross laws, and what payouts promise: everything earned stands in payouts or waits, once. */
export async function expectPayoutsInOrder(h: TestHouse, world: Pick<PayoutWorld, "institution">): Promise<void> {
  const proof = await h.system(world.institution, proveBooks);
  expect(proof.broken).toEqual([]);
}
