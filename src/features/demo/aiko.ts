import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import { type Payment, priceOf } from "#features/payments/payment.ts";
import { paymentsOfCustomer } from "#features/payments/payment-views.ts";
import { upsertPayments } from "#features/payments/upsert-payments.ts";
import { newId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { atTime, moved, noon, type Story } from "./story.ts";

// The student of the design's pictures: three paid, one overdue, two due, two to come; 12,000.00 in all.
const owed = [
  ["DEMO-1", "Enrolment fee", "250.00", "2026-09-02", "2026-09-02", "Bank transfer"],
  ["DEMO-2", "Tuition, instalment 1 of 6", "1850.00", "2026-09-15", "2026-09-10", "PayID transfer"],
  ["DEMO-3", "Tuition, instalment 2 of 6", "1850.00", "2026-10-15", "2026-10-14", "Bank transfer"],
  ["DEMO-4", "Tuition, instalment 3 of 6", "1850.00", "2026-11-15", "", ""],
  ["DEMO-5", "Tuition, instalment 4 of 6", "1850.00", "2026-12-05", "", ""],
  ["DEMO-6", "Overseas student health cover", "650.00", "2026-12-05", "", ""],
  ["DEMO-7", "Tuition, instalment 5 of 6", "1850.00", "2027-01-12", "", ""],
  ["DEMO-8", "Tuition, instalment 6 of 6", "1850.00", "2027-02-12", "", ""],
] as const;

/** Makes Aiko Tanaka and what she owes. Returns her payments that were paid, with when and how. */
export async function makeAiko(story: Story): Promise<readonly PaidOne[]> {
  const cx = atTime(story, noon(moved(story, "2026-08-20")));
  const customer = await createCustomer(cx, permit(cx.principal, "customers.write"), {
    external_id: "DEMO",
    given_name: "Aiko",
    family_name: "Tanaka",
    email: "aiko.tanaka@students.example",
    phone: "+81 3 5550 0123",
    language: "en-AU",
    time_zone: "Asia/Tokyo",
  });
  const rows = owed.map(([external_id, item, amount, due]) => ({
    customer_external_id: "DEMO",
    external_id,
    item,
    amount,
    currency: "AUD",
    due_date: moved(story, due).toString(),
    partnership_external_id: "P001",
    share_percent: "10",
    discount: "0",
  }));
  await upsertPayments(cx, permit(cx.principal, "payments.write"), rows);
  await groupAsPlan(cx, customer.id);
  const payments = await paymentsOfCustomer(cx, customer.id);
  return owed.flatMap(([externalId, , , , paidOn, how]) => {
    const payment = payments.find((one) => one.externalId === externalId);
    return payment && paidOn ? [{ payment, on: moved(story, paidOn), how }] : [];
  });
}

async function groupAsPlan(cx: Cx, customer: CustomerId): Promise<void> {
  const plan = newId("plan", cx.now, cx.random);
  await sql`insert into app.payment_plan (institution_id, id, customer_id, name, created_at)
    values (${cx.institution.id}, ${plan}, ${customer}, 'Diploma of Business', ${cx.now})`.execute(cx.db);
  await sql`update app.payment set plan_id = ${plan}
    where institution_id = ${cx.institution.id} and customer_id = ${customer} and item like 'Tuition%'`.execute(cx.db);
}

export type PaidOne = { readonly payment: Payment; readonly on: Temporal.PlainDate; readonly how: string };

/** Takes the whole of one payment by hand on its day, without a mail. */
export async function payOne(story: Story, one: PaidOne): Promise<void> {
  const cx = atTime(story, noon(one.on));
  await recordByHand(cx, permit(cx.principal, "payments.record"), {
    payments: [{ id: one.payment.id, amount: priceOf(one.payment) }],
    receivedOn: one.on,
    methodLabel: one.how,
    note: "",
    quiet: true,
  });
}
