import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { sendMails } from "#features/notifications/send-mails.ts";
import { newId } from "#kernel/ids.ts";
import { systemRandom } from "#kernel/random.ts";
import { deliverNews } from "#platform/outbox.ts";
import { type Cx, inTx, tokenHash } from "#platform/tx.ts";
import { drain } from "#platform/worker.ts";
import { type TestGround, testGround } from "../../../test/support/ground.ts";
import { issueReceipt } from "./issue-receipt.ts";
import { mailReceipt } from "./receipt-mails.ts";
import { listReceipts, readReceipt, receiptsOfPayments } from "./receipt-views.ts";

let ground: TestGround;
beforeAll(async () => {
  ground = await testGround();
});
afterAll(() => ground.end());

type World = {
  readonly customer: CustomerId;
  readonly payments: readonly string[];
  readonly received: `rcv_${string}`;
};

/**
 * A customer who owes 1,000.00 (100.00 of it discounted) and 500.00, and 1,300.00 that came in: 900.00, 350.00, 50.00
 * credit.
 */
async function world(cx: Cx, email: string | null = "aiko@students.example"): Promise<World> {
  const { institution } = ground;
  const customer = newId("cus", cx.now, cx.random);
  await sql`insert into app.customer (institution_id, id, given_name, family_name, email, created_at, updated_at)
    values (${institution}, ${customer}, 'Aiko', 'Tanaka', ${email}, ${cx.now}, ${cx.now})`.execute(cx.db);
  const payments = [newId("pay", cx.now, cx.random), newId("pay", cx.now, cx.random)];
  for (const [index, id] of payments.entries()) {
    const [item, list] = index === 0 ? ["Tuition", 100_000] : ["Fees", 50_000];
    await sql`insert into app.payment
        (institution_id, id, customer_id, item, list_minor, currency, due_date, created_at, updated_at)
      values (${institution}, ${id}, ${customer}, ${item}, ${list}, 'AUD',
        ${Temporal.PlainDate.from("2026-12-05").add({ days: index })}, ${cx.now}, ${cx.now})`.execute(cx.db);
  }
  await sql`insert into app.discount (institution_id, payment_id, minor, given_by, created_at)
    values (${institution}, ${payments[0]}, 10000, 'stf_1', ${cx.now})`.execute(cx.db);
  const received = newId("rcv", cx.now, cx.random);
  await sql`insert into app.money_received
      (institution_id, id, provider, provider_ref, kind, customer_id, currency, minor,
      surcharge_minor, reference, method_label, state, received_on, created_at)
    values (${institution}, ${received}, 'sandbox', ${received}, 'card', ${customer}, 'AUD', 130000, 1500, 'NBC-7K2M9Q',
      'Visa •••• 4242', 'matched', '2026-11-20', ${cx.now})`.execute(cx.db);
  for (const [index, minor] of [90_000, 35_000].entries()) {
    await sql`insert into app.allocation (institution_id, id, received_id, payment_id, customer_id, minor, created_at)
      values (${institution}, ${newId("alc", cx.now, cx.random)}, ${received}, ${payments[index]}, ${customer},
        ${minor}, ${cx.now})`.execute(cx.db);
  }
  return { customer, payments, received };
}

const system = <T>(work: (cx: Cx) => Promise<T>) => inTx(ground, ground.system, work);

async function customerOpening(customer: CustomerId, email: string) {
  const token = `token of ${customer}`;
  await system((cx) =>
    sql`insert into app.session (institution_id, id, token_hash, face, email, customer_id,
        created_at, last_seen_at, idle_seconds, expires_at)
      values (${ground.institution}, ${newId("ses", cx.now, systemRandom)}, ${tokenHash(token)}, 'customer', ${email},
        ${customer},
        ${cx.now}, ${cx.now}, 86400, ${cx.now.add({ hours: 24 })})`.execute(cx.db),
  );
  return { as: "customer", token } as const;
}

test("a receipt says what came in, what it went to, what is left and what became credit", async () => {
  const { received, customer, payments } = await system(async (cx) => {
    const made = await world(cx);
    await issueReceipt(cx, { received: made.received });
    return made;
  });
  const opening = await customerOpening(customer, "aiko@students.example");
  await inTx(ground, opening, async (cx) => {
    const may = permit(cx.principal, "portal.read");
    const [line] = await listReceipts(cx, may, customer);
    expect(line).toMatchObject({ number: "R-000001", paid: { minor: 131_500n, currency: "AUD" } });
    const snapshot = await readReceipt(cx, may, line?.id ?? "");
    expect(snapshot).toMatchObject({
      institution: { legalName: "Northbridge College Pty Ltd", registrationNumber: "51 824 753 556" },
      customer: { name: "Aiko Tanaka" },
      paid: "131500",
      surcharge: "1500",
      credit: "5000",
      reference: "NBC-7K2M9Q",
      lines: [
        { item: "Tuition", amount: "90000", stillOwed: "0" },
        { item: "Fees", amount: "35000", stillOwed: "15000" },
      ],
    });
    const byPayment = await receiptsOfPayments(cx, may, payments);
    expect([...byPayment.keys()].sort()).toEqual([...payments].sort());
  });
  // Asking again changes nothing: the money has its receipt.
  const again = await system((cx) => issueReceipt(cx, { received }));
  expect(again.number).toBe("R-000001");
});

test("404: a customer can't read another customer's receipt", async () => {
  const { mine, theirs } = await system(async (cx) => {
    const other = await world(cx, "other@students.example");
    const receipt = await issueReceipt(cx, { received: other.received, quiet: true });
    return { mine: await world(cx, "mine@students.example"), theirs: receipt.id };
  });
  const opening = await customerOpening(mine.customer, "mine@students.example");
  await expect(
    inTx(ground, opening, (cx) => readReceipt(cx, permit(cx.principal, "portal.read"), theirs)),
  ).rejects.toMatchObject({ code: "not-found" });
});

test("numbers have no gaps: a roll-back gives its number back, twenty at once count up one by one", async () => {
  const before = await numbers();
  await expect(
    system(async (cx) => {
      await issueReceipt(cx, { received: (await world(cx)).received });
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  await Promise.all(
    Array.from({ length: 20 }, () =>
      system(async (cx) => issueReceipt(cx, { received: (await world(cx)).received, quiet: true })),
    ),
  );
  const after = await numbers();
  expect(after).toHaveLength(before.length + 20);
  expect(after).toEqual(after.map((_, index) => BigInt(index + 1)));
});

async function numbers(): Promise<bigint[]> {
  const { rows } = await system((cx) =>
    sql<{ number: bigint }>`select number from app.receipt order by number`.execute(cx.db),
  );
  return rows.map((row) => row.number);
}

test("nobody may change or take back an issued receipt", async () => {
  for (const statement of [
    sql`update app.receipt set number = 7`,
    sql`delete from app.receipt`,
    sql`delete from app.receipt_payment`,
  ]) {
    await expect(system((cx) => statement.execute(cx.db))).rejects.toThrow("permission denied");
  }
});

test("the receipt is mailed once, and to nobody when the customer has no address", async () => {
  const tasks = {
    "outbox.deliver": (work: Parameters<typeof deliverNews>[0]) =>
      deliverNews(work, { "receipt.issued": [(cx, news) => mailReceipt(cx, news, "https://pay.northbridge.example")] }),
    "mail.send": (work: Parameters<typeof sendMails>[0]) => sendMails(work, undefined),
  };
  await drain(ground, tasks);
  await system((cx) => sql`delete from app.dev_mail`.execute(cx.db));
  const { id } = await system(async (cx) => {
    await issueReceipt(cx, { received: (await world(cx, null)).received });
    return await issueReceipt(cx, { received: (await world(cx, "mail@students.example")).received });
  });
  await drain(ground, tasks);
  await drain(ground, tasks);
  const { rows } = await system((cx) =>
    sql<{ to_email: string; text_body: string }>`select to_email, text_body from app.dev_mail`.execute(cx.db),
  );
  expect(rows.map((row) => row.to_email)).toEqual(["mail@students.example"]);
  expect(rows[0]?.text_body).toContain(`https://pay.northbridge.example/receipts/${id}`);
  expect(rows[0]?.text_body).toContain("A$1,315.00");
});
