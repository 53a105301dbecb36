import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { createPayment } from "#features/payments/create-payment.ts";
import type { Payment } from "#features/payments/payment.ts";
import { lockPayments, markEarned, savePaid } from "#features/payments/payment-money.ts";
import { type Money, money } from "#kernel/money.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { testGround } from "./ground.ts";

export const aud = (minor: bigint) => money(minor, "AUD");
export const date = (text: string) => Temporal.PlainDate.from(text);

/** A partner as a row of a file: without tax, ten percent. */
export function partnerRow(external_id: string, over: Record<string, string> = {}) {
  return {
    external_id,
    name: `Partner ${external_id}`,
    kind: "agent",
    legal_name: "",
    tax_id: "1",
    tax_registered: "no",
    currency: "AUD",
    commission_percent: "10",
    commission_tax: "exclusive",
    ...over,
  };
}

function permits(cx: Cx) {
  return {
    payments: permit(cx.principal, "payments.write"),
    customers: permit(cx.principal, "customers.write"),
    partnerships: permit(cx.principal, "partnerships.write"),
    refunds: permit(cx.principal, "payments.refund"),
  };
}

/** An institution with two partners (P001 with tax on its share, P002 without) and the customer C1, for use cases. */
export async function paymentsGround() {
  const ground = await testGround();
  /** Runs in a transaction of the program itself, with every permit these tests need. */
  async function run<T>(work: (cx: Cx, may: ReturnType<typeof permits>) => Promise<T>): Promise<T> {
    return await inTx(ground, ground.system, async (cx) => await work(cx, permits(cx)));
  }
  const [partner = "", other = ""] = await run(async (cx, may) => {
    const partners = await upsertPartnerships(cx, may.partnerships, [
      partnerRow("P001", { tax_registered: "yes", commission_tax: "exclusive" }),
      partnerRow("P002", { tax_registered: "no" }),
    ]);
    return partners.map((one) => ("id" in one ? one.id : ""));
  });
  const aiko = { given_name: "Aiko", family_name: "Tanaka", external_id: "C1" };
  const { id: customer } = await run((cx, may) => createCustomer(cx, may.customers, aiko));

  /** A payment of C1 of which P001 gets ten percent. */
  async function made(list = aud(100_000n), discount: Money = aud(0n)): Promise<Payment> {
    return await run((cx, may) =>
      createPayment(cx, may.payments, {
        customer,
        item: "Tuition",
        list,
        discount,
        dueDate: date("2026-12-05"),
        shares: [{ partnershipId: partner, rateBps: 1_000 }],
      }),
    );
  }

  /** Money that arrived, without the ledger: only what the payment itself keeps of it. */
  async function pay(payment: Payment, paid: Money, full: boolean): Promise<void> {
    await run(async (cx) => {
      await lockPayments(cx, [payment.id]);
      await savePaid(cx, [{ id: payment.id, paid, full }]);
      if (full) await markEarned(cx, [payment.id]);
    });
  }

  /** What the audit log says of something, in order. */
  async function auditOf(subject: string): Promise<string[]> {
    return await run(async (cx) => {
      const { rows } = await sql<{
        event: string;
      }>`select event from app.audit_entry where subject = ${subject} order by seq`.execute(cx.db);
      return rows.map((row) => row.event);
    });
  }

  return { ground, run, customer, partner, other, made, pay, auditOf };
}
