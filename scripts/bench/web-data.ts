import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import { upsertCustomers } from "#features/customers/upsert-customers.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import { createPayment } from "#features/payments/create-payment.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { secretToken } from "#kernel/random.ts";
import { refreshStatistics } from "#platform/statistics.ts";
import { type Cx, type Ground, inTx, tokenHash } from "#platform/tx.ts";

/**
 * 2,000 customers; one of them with 12 payments, 4 of them paid. Returns session tokens of that customer and of an
 * owner.
 */
export async function fillBenchInstitution(ground: Ground): Promise<{ customerToken: string; staffToken: string }> {
  const now = ground.clock.now();
  const institution = newId("inst", now, ground.random);
  await inTx(ground, { as: "visitor", host: "" }, (cx) =>
    sql`select app.begin_institution(${institution}, 'Bench College', true, ${now})`.execute(cx.db),
  );
  const tokens = await inTx(ground, { as: "system", institution, task: "bench" }, async (cx) => {
    const rows = Array.from({ length: 1_999 }, (_, index) => ({
      external_id: `B${index}`,
      given_name: `Given${index}`,
      family_name: `Family${index % 97}`,
      email: `b${index}@students.example`,
      phone: "",
      language: "en-AU",
      time_zone: "Australia/Sydney",
      partnership_external_id: "",
      payer_email: "",
    }));
    await upsertCustomers(cx, permit(cx.principal, "customers.write"), rows);
    const customer = await oneWithPayments(cx);
    return { customerToken: await sessionOf(cx, customer), staffToken: await staffSession(cx) };
  });
  await inTx(ground, { as: "system", institution, task: "bench" }, refreshStatistics);
  return tokens;
}

async function oneWithPayments(cx: Cx): Promise<CustomerId> {
  const { id } = await createCustomer(cx, permit(cx.principal, "customers.write"), {
    external_id: "ONE",
    given_name: "Aiko",
    family_name: "Tanaka",
    email: "one@students.example",
    phone: "",
    language: "en-AU",
    time_zone: "Asia/Tokyo",
  });
  const today = cx.now.toZonedDateTimeISO(cx.institution.timeZone).toPlainDate();
  for (let index = 0; index < 12; index++) {
    const payment = await createPayment(cx, permit(cx.principal, "payments.write"), {
      customer: id,
      item: `Tuition, instalment ${index + 1} of 12`,
      list: money(185_000n, "AUD"),
      dueDate: today.add({ days: index * 30 - 120 }),
    });
    if (index >= 4) continue;
    await recordByHand(cx, permit(cx.principal, "payments.record"), {
      payments: [{ id: payment.id, amount: payment.list }],
      receivedOn: today.subtract({ days: 2 }),
      methodLabel: "Bank transfer",
      note: "",
      quiet: true,
    });
  }
  return id;
}

async function sessionOf(cx: Cx, customer: CustomerId): Promise<string> {
  return await openSession(cx, {
    face: "customer",
    email: "one@students.example",
    customer_id: customer,
    staff_id: null,
  });
}

async function staffSession(cx: Cx): Promise<string> {
  const id = newId("stf", cx.now, cx.random);
  await sql`insert into app.staff_member (institution_id, id, email, name, role, totp_confirmed_at, created_at)
    values (${cx.institution.id}, ${id}, 'owner@bench.example', 'Bench Owner', 'OWNER', ${cx.now}, ${cx.now})`.execute(
    cx.db,
  );
  return await openSession(cx, { face: "staff", email: "owner@bench.example", staff_id: id, customer_id: null });
}

type Session = { face: "staff" | "customer"; email: string; staff_id: string | null; customer_id: string | null };

async function openSession(cx: Cx, session: Session): Promise<string> {
  const token = secretToken(cx.random);
  await cx.db
    .insertInto("app.session")
    .values({
      ...session,
      institution_id: cx.institution.id,
      id: newId("ses", cx.now, cx.random),
      token_hash: tokenHash(token),
      stepped_up_at: cx.now,
      created_at: cx.now,
      last_seen_at: cx.now,
      idle_seconds: 86_400,
      expires_at: cx.now.add({ hours: 24 }),
      ended_at: null,
      ended_why: null,
    })
    .execute();
  return token;
}
