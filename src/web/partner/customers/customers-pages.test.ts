import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import { cancelPayment } from "#features/payments/cancel-payment.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { refundPayment } from "#features/refunds/refund-payment.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { type PayoutWorld, payoutWorld } from "../../../../test/support/payout-world.ts";

let h: TestHouse;
let world: PayoutWorld;
let contact: Awaited<ReturnType<TestHouse["partner"]>>;
let aiko: CustomerId;

beforeEach(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
  contact = await h.partner(world.institution, world.partner);
  aiko = await world.customer("Aiko");
});
afterEach(() => h.close());

const places = ["/partner", "/partner/payouts", "/partner/customers", "/partner/customers/export.csv"];

async function refOf(customer: CustomerId): Promise<string> {
  const { rows } = await h.admin.query<{ ref: string }>(
    "select ref from app.shared_customer where customer_id = $1 and partnership_id = $2",
    [customer, world.partner],
  );
  return rows[0]?.ref ?? "";
}

/** Everything that the partner sees, as it is sent, but for the nonce that each answer draws anew. */
async function everything(customers: readonly CustomerId[] = [aiko]): Promise<string[]> {
  const refs = await Promise.all(customers.map(refOf));
  const paths = [
    ...places,
    ...refs.filter(Boolean).map((ref) => `/partner/customers/${ref}`),
    "/partner/live?of=payouts",
  ];
  const shown = [];
  for (const path of paths) {
    const { status, text, headers } = await contact.get(path);
    const sent = [...headers].filter(([name]) => name !== "content-security-policy").join("\n");
    shown.push(`${path} ${status}\n${sent}\n${text.replaceAll(/nonce="[^"]+"/g, "")}`);
  }
  return shown;
}

/** The status of the payment in the first row of the customer's page. */
async function statusOf(customer: CustomerId): Promise<string> {
  const { text } = await contact.get(`/partner/customers/${await refOf(customer)}`);
  return /<td><span class="chip[^"]*">(?:<svg[\s\S]*?<\/svg>)?([^<]+)/.exec(text)?.[1] ?? "";
}

async function pay(payment: PaymentId, minor: bigint): Promise<void> {
  await h.system(world.institution, (cx) =>
    recordByHand(cx, permit(cx.principal, "payments.record"), {
      payments: [{ id: payment, amount: money(minor, "AUD") }],
      receivedOn: Temporal.PlainDate.from("2026-11-20"),
      methodLabel: "Cash",
      note: "",
    }),
  );
}

describe("P9: of a shared customer the partner sees what rule 20 allows", () => {
  test("Scheduled, Due, Overdue, Paid and Refunded come from its own share and the due date", async () => {
    const due = { list: 100_000n, shareBps: 1_000 };
    const people = {
      Scheduled: await world.customer("Sol"),
      Due: await world.customer("Dan"),
      Overdue: await world.customer("Olga"),
      Paid: await world.customer("Pat"),
      Refunded: await world.customer("Ren"),
    };
    await world.payment(people.Scheduled, { ...due, due: "2027-11-21" });
    await world.payment(people.Due, { ...due, due: "2026-11-21" });
    await world.payment(people.Overdue, { ...due, due: "2026-11-20" });
    await pay(await world.payment(people.Paid, due), 100_000n);
    const back = await world.payment(people.Refunded, due);
    await pay(back, 100_000n);
    await world.refund(back, 100_000n);
    for (const [status, person] of Object.entries(people)) expect(await statusOf(person)).toBe(status);
    const { text } = await contact.get("/partner/customers/export.csv");
    const lines = text.replace("\ufeff", "").trim().split("\r\n");
    // The sums of the list follow the same rule: each stands under its own status, and nowhere else.
    expect(lines).toEqual([
      "customer,currency,payments,scheduled,due,overdue,paid,refunded",
      "Dan Tanaka,AUD,1,0.00,110.00,0.00,0.00,0.00",
      "Olga Tanaka,AUD,1,0.00,0.00,110.00,0.00,0.00",
      "Pat Tanaka,AUD,1,0.00,0.00,0.00,110.00,0.00",
      "Ren Tanaka,AUD,1,0.00,0.00,0.00,0.00,110.00",
      "Sol Tanaka,AUD,1,110.00,0.00,0.00,0.00,0.00",
    ]);
  });

  test("a part payment changes not one byte: it reads as due or overdue", async () => {
    const payment = await world.payment(aiko, { list: 100_000n, shareBps: 1_000, allowPart: true, due: "2026-11-01" });
    const before = await everything();
    await pay(payment, 40_000n);
    expect(await everything()).toEqual(before);
    expect(await statusOf(aiko)).toBe("Overdue");
  });

  test("a debit under way changes not one byte", async () => {
    const payment = await world.payment(aiko, { list: 100_000n, shareBps: 1_000 });
    const before = await everything();
    const at = h.clock.now().toString();
    const checkout = newId("chk", h.clock.now(), h.random);
    await h.admin.query(
      `insert into app.checkout (institution_id, id, customer_id, currency, total_minor, created_by, created_at,
         updated_at) values ($1, $2, $3, 'AUD', 100000, 'test', $4, $4)`,
      [world.institution, checkout, aiko, at],
    );
    await h.admin.query(
      "insert into app.checkout_item (institution_id, checkout_id, payment_id, minor) values ($1, $2, $3, 100000)",
      [world.institution, checkout, payment],
    );
    await h.admin.query(
      `insert into app.payment_attempt (institution_id, id, checkout_id, customer_id, channel_product_id, provider,
         reference, state, currency, minor, created_at, updated_at)
       select $1, $2, $3, $4, id, 'sandbox', 'NB-TEST', 'processing', 'AUD', 100000, $5, $5
         from app.channel_product where institution_id = $1 limit 1`,
      [world.institution, newId("att", h.clock.now(), h.random), checkout, aiko, at],
    );
    expect(await everything()).toEqual(before);
  });

  test("P10: of a discounted payment the full agreed share shows, and nothing of the discount", async () => {
    const shared = { list: 100_000n, shareBps: 1_000 };
    const payment = await world.payment(aiko, { ...shared, discount: 50_000n });
    await pay(payment, 50_000n);
    await h.drain();
    const words = (await everything()).join("\n");
    expect(words).toContain("110");
    expect(words).not.toMatch(/500\.00|discount/i);
    expect(await statusOf(aiko)).toBe("Paid");
  });

  test("a cancelled payment is gone, and with its last payment the customer", async () => {
    const payment = await world.payment(aiko, { list: 100_000n, shareBps: 1_000 });
    const ref = await refOf(aiko);
    expect((await contact.get(`/partner/customers/${ref}`)).status).toBe(200);
    await h.system(world.institution, (cx) =>
      cancelPayment(cx, permit(cx.principal, "payments.write"), payment, "No longer needed"),
    );
    expect((await contact.get(`/partner/customers/${ref}`)).status).toBe(404);
    expect((await contact.get("/partner/customers")).text).not.toContain("Aiko");
  });

  test("a refund out of the institution's keep changes not one byte", async () => {
    const payment = await world.payment(aiko, { list: 100_000n, shareBps: 1_000 });
    await pay(payment, 100_000n);
    await world.look();
    const before = await everything();
    const input = {
      payment,
      of: "keep",
      amount: money(5_000n, "AUD"),
      how: "by_hand",
      reason: "A gift of the college",
    } as const;
    await h.system(world.institution, (cx) => refundPayment(cx, permit(cx.principal, "payments.refund"), input));
    await world.look();
    expect(await everything()).toEqual(before);
  });

  test("404: another partner's customer, and a customer with no share of anybody, do not exist", async () => {
    const rival = newId("prt", h.clock.now(), h.random);
    await h.admin.query(
      `insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps,
         commission_tax, created_at, updated_at)
       values ($1, $2, 'Rival', 'agent', 'Rival Pty Ltd', 'AUD', 1000, 'exclusive', $3, $3)`,
      [world.institution, rival, h.clock.now().toString()],
    );
    const mine = await world.payment(aiko, { list: 100_000n, shareBps: 1_000 });
    const before = await everything();
    // The rival has a share of the same payment, and one of a customer of its own.
    const ben = await world.customer("Ben");
    const other = await world.payment(ben, { list: 777_700n });
    for (const [payment, net] of [
      [mine, 12_345n],
      [other, 54_321n],
    ] as const) {
      await h.admin.query(
        `insert into app.share (institution_id, id, payment_id, partnership_id, kind, rate_bps, tax_mode, tax_bps,
           net_minor, tax_minor, created_at) values ($1, $2, $3, $4, 'flat', 0, 'none', 0, $5, 0, $6)`,
        [world.institution, newId("shr", h.clock.now(), h.random), payment, rival, net, h.clock.now().toString()],
      );
    }
    expect(await everything()).toEqual(before);
    const theirs = await h.partner(world.institution, rival);
    const { rows } = await h.admin.query<{ ref: string }>(
      "select ref from app.shared_customer where customer_id = $1",
      [ben],
    );
    expect((await theirs.get(`/partner/customers/${rows[0]?.ref}`)).status).toBe(200);
    expect((await contact.get(`/partner/customers/${rows[0]?.ref}`)).status).toBe(404);
    // The same customer has another reference for each partner.
    const refs = await h.admin.query<{ ref: string }>("select ref from app.shared_customer where customer_id = $1", [
      aiko,
    ]);
    expect(new Set(refs.rows.map((row) => row.ref)).size).toBe(2);
    expect((await theirs.get(`/partner/customers/${await refOf(aiko)}`)).status).toBe(404);
  });
});

describe("the list of shared customers", () => {
  test("is in order of names, is searched by any part of them, and Next leads through all of it", async () => {
    for (let index = 0; index < 30; index++) {
      const person = await world.customer(`Kim${String(index).padStart(2, "0")}`);
      await world.payment(person, { list: 100_000n, shareBps: 1_000 });
    }
    const namesIn = (html: string) => [...html.matchAll(/<bdi>(Kim\d\d) Tanaka<\/bdi>/g)].map(([, name]) => name ?? "");
    const first = (await contact.get("/partner/customers")).text;
    const next = /href="([^"]*before=[0-9a-f]{20})"/.exec(first)?.[1] ?? "";
    const second = (await contact.get(next)).text;
    const all = [...namesIn(first), ...namesIn(second)];
    expect(all).toEqual([...all].sort());
    expect(new Set(all).size).toBe(30);
    const back = /href="([^"]*after=[0-9a-f]{20})"/.exec(second)?.[1] ?? "";
    expect(namesIn((await contact.get(back)).text)).toEqual(namesIn(first));
    expect(namesIn((await contact.get("/partner/customers?q=tanaka+kim07")).text)).toEqual(["Kim07"]);
    const file = (await contact.get("/partner/customers/export.csv?q=kim1")).text.trim().split("\r\n");
    expect(file.length).toBe(11);
  });
});
