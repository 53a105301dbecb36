import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import { editCustomer } from "#features/customers/edit-customer.ts";
import { upsertCustomers } from "#features/customers/upsert-customers.ts";
import { upsertContacts } from "#features/partnerships/upsert-contacts.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { cancelPayment } from "#features/payments/cancel-payment.ts";
import { createPayment } from "#features/payments/create-payment.ts";
import { createPlan } from "#features/payments/create-plan.ts";
import { editPayment, type PaymentEdit } from "#features/payments/edit-payment.ts";
import { owedOf, type Payment } from "#features/payments/payment.ts";
import { lockPayments, markEarned, savePaid, saveRefunded, sharesOf } from "#features/payments/payment-money.ts";
import type { PaymentRow } from "#features/payments/payment-row.ts";
import { paymentsOfCustomer, readPayment } from "#features/payments/payment-views.ts";
import { upsertPayments } from "#features/payments/upsert-payments.ts";
import { type Money, money, toDecimal } from "#kernel/money.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { type TestGround, testGround } from "../../../test/support/ground.ts";

let ground: TestGround;
let customer: CustomerId;
let partner: string;
let other: string;
const aud = (minor: bigint) => money(minor, "AUD");
const date = (text: string) => Temporal.PlainDate.from(text);

/** Runs in a transaction of the program itself, with every permit these tests need. */
async function run<T>(work: (cx: Cx, may: ReturnType<typeof permits>) => Promise<T>): Promise<T> {
  return await inTx(ground, ground.system, async (cx) => await work(cx, permits(cx)));
}
function permits(cx: Cx) {
  return {
    payments: permit(cx.principal, "payments.write"),
    customers: permit(cx.principal, "customers.write"),
    partnerships: permit(cx.principal, "partnerships.write"),
  };
}

beforeAll(async () => {
  ground = await testGround();
  await run(async (cx, may) => {
    const partners = await upsertPartnerships(cx, may.partnerships, [
      partnerRow("P001", { tax_registered: "yes", commission_tax: "exclusive" }),
      partnerRow("P002", { tax_registered: "no" }),
    ]);
    [partner = "", other = ""] = partners.map((one) => ("id" in one ? one.id : ""));
    customer = (
      await createCustomer(cx, may.customers, { given_name: "Aiko", family_name: "Tanaka", external_id: "C1" })
    ).id;
  });
});
afterAll(() => ground.end());

function partnerRow(external_id: string, over: Record<string, string> = {}) {
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

function editOf(payment: Payment, over: Partial<PaymentEdit> = {}): PaymentEdit {
  const { item, note, list, dueDate, allowPart, discount } = payment;
  return { item, note, list, dueDate, allowPart, discount, discountReason: "", shares: [], ...over };
}

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

async function pay(payment: Payment, paid: Money, full: boolean): Promise<void> {
  await run(async (cx) => {
    await lockPayments(cx, [payment.id]);
    await savePaid(cx, [{ id: payment.id, paid, full }]);
    if (full) await markEarned(cx, [payment.id]);
  });
}

async function auditOf(subject: string): Promise<string[]> {
  return await run(async (cx) => {
    const { rows } = await sql<{
      event: string;
    }>`select event from app.audit_entry where subject = ${subject} order by seq`.execute(cx.db);
    return rows.map((row) => row.event);
  });
}

describe("creating a payment", () => {
  test("the customer owes list − discount; the share is on the list amount with its tax; the log says so", async () => {
    const payment = await made(aud(100_000n), aud(5_000n));
    const read = await run((cx) => readPayment(cx, payment.id));
    expect(owedOf(read)).toEqual(aud(95_000n));
    const shares = await run((cx) => sharesOf(cx, [payment.id]));
    expect(
      shares.get(payment.id)?.map((one) => [one.partnershipName, one.net.minor, one.tax.minor, one.state]),
    ).toEqual([["Partner P001", 10_000n, 1_000n, "agreed"]]);
    expect(await auditOf(payment.id)).toEqual(["payment.created"]);
  });

  test("422: a discount above the keep, a share too much, an unknown or doubled partner", async () => {
    await expect(made(aud(100_000n), aud(89_001n))).rejects.toThrow(/at most AUD 890.00/);
    const shares = (ids: string[], rateBps: number) =>
      run((cx, may) =>
        createPayment(cx, may.payments, {
          customer,
          item: "T",
          list: aud(100n),
          dueDate: date("2026-12-05"),
          shares: ids.map((partnershipId) => ({ partnershipId, rateBps })),
        }),
      );
    await expect(shares([partner], 9_500)).rejects.toThrow(/more than the amount/);
    await expect(shares([partner, partner], 100)).rejects.toThrow(/one share only/);
    await expect(shares(["prt_00000000000000000000000000"], 100)).rejects.toThrow(/from the list/);
  });

  test("404: a customer of nobody's", async () => {
    const input = {
      customer: "cus_00000000000000000000000000" as CustomerId,
      item: "T",
      list: aud(1n),
      dueDate: date("2026-12-05"),
    };
    await expect(run((cx, may) => createPayment(cx, may.payments, input))).rejects.toThrow(/Check the address/);
  });

  test("the same form sent twice makes one payment", async () => {
    const input = {
      customer,
      item: "Once",
      list: aud(100n),
      dueDate: date("2026-12-05"),
      key: "pay_01kb5f4dmaf0kas8ryj6xgt2t9",
    };
    const first = await run((cx, may) => createPayment(cx, may.payments, input));
    const second = await run((cx, may) => createPayment(cx, may.payments, input));
    expect(second.id).toBe(first.id);
    expect(await auditOf(first.id)).toEqual(["payment.created"]);
  });

  test("an operator gives no discount: 403", async () => {
    const operator = await inTx(ground, ground.system, async (cx) => {
      const staff = { ...cx, principal: { kind: "staff", role: "OPERATOR", id: "stf_1", name: "Op" } } as unknown as Cx;
      const may = permit(staff.principal, "payments.write");
      const input = { customer, item: "T", list: aud(100n), dueDate: date("2026-12-05"), discount: aud(1n) };
      return await createPayment(staff, may, input).catch((error: unknown) => error);
    });
    expect(operator).toMatchObject({ code: "permission.denied" });
  });
});

describe("a plan", () => {
  test("instalments add up to the total to the unit, a month apart from the first date", async () => {
    const plan = await run((cx, may) =>
      createPlan(cx, may.payments, {
        customer,
        item: "Tuition",
        total: aud(100_000n),
        discount: aud(1_000n),
        count: 3,
        every: "month",
        first: date("2027-01-31"),
        shares: [{ partnershipId: other, rateBps: 2_500 }],
      }),
    );
    expect(plan.payments.map((one) => [one.item, one.list.minor, one.discount.minor, one.dueDate.toString()])).toEqual([
      ["Tuition, instalment 1 of 3", 33_334n, 334n, "2027-01-31"],
      ["Tuition, instalment 2 of 3", 33_333n, 333n, "2027-02-28"],
      ["Tuition, instalment 3 of 3", 33_333n, 333n, "2027-03-31"],
    ]);
    const stored = await run((cx) => paymentsOfCustomer(cx, customer));
    expect(stored.filter((one) => one.planId === plan.id)).toHaveLength(3);
  });

  test("422: one instalment, or more instalments than units", async () => {
    const plan = { customer, item: "T", total: money(3n, "JPY"), every: "week", first: date("2027-01-31") } as const;
    await expect(run((cx, may) => createPlan(cx, may.payments, { ...plan, count: 1 }))).rejects.toThrow(/2 to 60/);
    await expect(run((cx, may) => createPlan(cx, may.payments, { ...plan, count: 4 }))).rejects.toThrow(/above zero/);
  });
});

describe("changing a payment", () => {
  test("amount, date and shares change together, and the log keeps from and to", async () => {
    const payment = await made();
    await run((cx, may) =>
      editPayment(
        cx,
        may.payments,
        payment.id,
        editOf(payment, { list: aud(50_000n), shares: [{ partnershipId: other, rateBps: 5_000 }] }),
      ),
    );
    const shares = await run((cx) => sharesOf(cx, [payment.id]));
    expect(shares.get(payment.id)?.map((one) => [one.partnershipName, one.net.minor])).toEqual([
      ["Partner P002", 25_000n],
    ]);
    expect(await auditOf(payment.id)).toEqual(["payment.created", "payment.edited"]);
  });

  test("nothing changed writes nothing", async () => {
    const payment = await made();
    const shares = [{ partnershipId: partner, rateBps: 1_000 }];
    await run((cx, may) => editPayment(cx, may.payments, payment.id, editOf(payment, { shares })));
    expect(await auditOf(payment.id)).toEqual(["payment.created"]);
  });

  test("409: once money has arrived, amount and discount stay; shares may still change", async () => {
    const payment = await made();
    await pay(payment, aud(1n), false);
    const edit = (over: Partial<PaymentEdit>) =>
      run((cx, may) => editPayment(cx, may.payments, payment.id, editOf(payment, over)));
    await expect(edit({ list: aud(1_000n) })).rejects.toMatchObject({
      code: "payment.not-editable",
      fields: { amount: expect.anything() },
    });
    await expect(edit({ discount: aud(5n) })).rejects.toMatchObject({
      fields: { discount: expect.stringMatching(/arrived/) },
    });
    await edit({ shares: [{ partnershipId: other, rateBps: 100 }] });
    await pay(payment, aud(100_000n), true);
    await expect(edit({ shares: [] })).rejects.toMatchObject({ code: "payment.not-editable" });
  });

  test("409: what somebody else changed meanwhile is not overwritten", async () => {
    const payment = await made();
    ground.clock.advance({ seconds: 1 });
    await run((cx, may) => editPayment(cx, may.payments, payment.id, editOf(payment, { item: "First" })));
    const late = editOf(payment, { item: "Second", version: payment.updatedAt.toString() });
    await expect(run((cx, may) => editPayment(cx, may.payments, payment.id, late))).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("409: cancelled is the end; a payment with money can't be cancelled", async () => {
    const payment = await made();
    await run((cx, may) => cancelPayment(cx, may.payments, payment.id, "Left the course"));
    expect(owedOf(await run((cx) => readPayment(cx, payment.id)))).toEqual(aud(0n));
    await expect(run((cx, may) => cancelPayment(cx, may.payments, payment.id, ""))).rejects.toThrow(
      /cancelled already/,
    );
    const part = await made();
    await pay(part, aud(1n), false);
    await expect(run((cx, may) => cancelPayment(cx, may.payments, part.id, ""))).rejects.toThrow(/Refund it/);
  });

  test("shares are earned when it is paid in full, and reversed with its refund", async () => {
    const payment = await made();
    await pay(payment, aud(100_000n), true);
    const [share] = (await run((cx) => sharesOf(cx, [payment.id]))).get(payment.id) ?? [];
    expect(share?.state).toBe("earned");
    await run((cx) =>
      saveRefunded(cx, payment, {
        list: payment.list,
        cash: payment.list,
        reversals: share ? [{ share, minor: 11_000n }] : [],
      }),
    );
    const after = await run((cx) => readPayment(cx, payment.id));
    expect([after.state, after.refundedCash.minor]).toEqual(["refunded", 100_000n]);
    expect((await run((cx) => sharesOf(cx, [payment.id]))).get(payment.id)?.[0]?.state).toBe("reversed");
  });
});

describe("customers", () => {
  test("422: no name, a bad address, an unknown language and zone; each said beside its field", async () => {
    const attempt = run((cx, may) =>
      createCustomer(cx, may.customers, {
        given_name: " ",
        family_name: "\u202e",
        email: "not-an-address",
        language: "xx-YY",
        time_zone: "Mars/Olympus",
        phone: "1".repeat(41),
        external_id: "C1",
        partnership: "prt_00000000000000000000000000",
      }),
    );
    await expect(attempt).rejects.toMatchObject({
      code: "form.invalid",
      fields: {
        email: expect.stringMatching(/whole e-mail address/),
        language: expect.stringMatching(/en-AU/),
        time_zone: expect.stringMatching(/Sydney/),
        phone: expect.stringMatching(/at most 40/),
        external_id: expect.stringMatching(/Another customer/),
        partnership: expect.stringMatching(/from the list/),
        family_name: "Write a name.",
      },
    });
  });

  test("markup is kept as text, control characters and huge texts are refused, an address is kept in one form", async () => {
    const one = await run((cx, may) =>
      createCustomer(cx, may.customers, {
        given_name: "<b>Zoë</b>",
        family_name: "=1+1",
        email: "Z.OE@Students.Example",
      }),
    );
    expect([one.name, one.email]).toEqual(["<b>Zoë</b> =1+1", "z.oe@students.example"]);
    const bad = (given_name: string) =>
      run((cx, may) => createCustomer(cx, may.customers, { given_name, family_name: "A" }));
    await expect(bad("x".repeat(100_000))).rejects.toMatchObject({
      fields: { given_name: expect.stringMatching(/at most 200/) },
    });
    await expect(bad("a\u0007b")).rejects.toMatchObject({
      fields: { given_name: expect.stringMatching(/can't be shown/) },
    });
    await expect(bad("a\nb")).rejects.toMatchObject({ fields: { given_name: expect.stringMatching(/line break/) } });
  });

  test("an edit says what changed; one that changes nothing is not logged", async () => {
    const one = await run((cx, may) =>
      createCustomer(cx, may.customers, { family_name: "Edited", email: "a@b.example" }),
    );
    const same = { family_name: "Edited", email: "A@b.example", language: one.language, time_zone: one.timeZone };
    await run((cx, may) => editCustomer(cx, may.customers, one.id, same));
    expect(await auditOf(one.id)).toEqual(["customer.created"]);
    await run((cx, may) => editCustomer(cx, may.customers, one.id, { ...same, email: "" }));
    expect(await auditOf(one.id)).toEqual(["customer.created", "customer.edited"]);
  });
});

describe("rows that come in by the hundred", () => {
  const payment = (external_id: string, over: Partial<PaymentRow> = {}): PaymentRow => ({
    customer_external_id: "C1",
    external_id,
    item: "Tuition",
    amount: "1850.00",
    currency: "AUD",
    due_date: "2026-12-05",
    partnership_external_id: "P002",
    share_percent: "10",
    discount: "0.00",
    ...over,
  });
  const send = (rows: PaymentRow[]) => run((cx, may) => upsertPayments(cx, may.payments, rows));

  test("every bad row is named by column and reason, and the good ones go in", async () => {
    const reasons = [
      [{ amount: "1,850.00" }, "amount", /1850.00: no thousands/],
      [{ amount: "1850.005" }, "amount", /at most 2 decimals/],
      [{ amount: "-50.00" }, "amount", /negative/],
      [{ amount: "abc" }, "amount", /digits/],
      [{ amount: "1000.50", currency: "JPY" }, "amount", /no decimals/],
      [{ amount: "1e3" }, "amount", /digits/],
      [{ amount: "0.00" }, "amount", /above zero/],
      [{ amount: "90071992547409.92" }, "amount", /too large/],
      [{ currency: "XXX" }, "currency", /code like AUD/],
      [{ due_date: "2026-02-31" }, "due_date", /not in the calendar/],
      [{ due_date: "05/12/2026" }, "due_date", /year-month-day/],
      [{ share_percent: "95", discount: "200.00" }, "discount", /at most AUD 92.50/],
      [{ share_percent: "120" }, "share_percent", /up to 100/],
      [{ share_percent: "" }, "share_percent", /share in percent/],
      [{ partnership_external_id: "" }, "partnership_external_id", /whose share/],
      [{ partnership_external_id: "P404" }, "partnership_external_id", /No partner/],
      [{ customer_external_id: "CX" }, "customer_external_id", /No customer/],
      [{ item: "x".repeat(5_000) }, "item", /at most 200/],
      [{ external_id: "" }, "external_id", /your reference/],
    ] as const;
    const rows = reasons.map(([over], index) => payment(`bad-${index}`, over));
    const results = await send([
      payment("good-1"),
      ...rows,
      payment("good-1", { item: "Twice" }),
      payment("good-2", { currency: "aud" }),
    ]);
    expect([results.at(0)?.outcome, results.at(-1)?.outcome]).toEqual(["created", "created"]);
    for (const [index, [, column, reason]] of reasons.entries()) {
      const found = results[index + 1];
      expect(found).toMatchObject({ outcome: "bad", problems: [{ column, reason: expect.stringMatching(reason) }] });
    }
    expect(results.at(-2)).toMatchObject({ outcome: "bad", problems: [{ column: "external_id" }] });
  });

  test("the same rows again change nothing, not even the log", async () => {
    const rows = [
      payment("again-1"),
      payment("again-2", { discount: "10.00" }),
      payment("again-3", { partnership_external_id: "", share_percent: "" }),
    ];
    const first = await send(rows);
    expect((await send(rows)).map((one) => one.outcome)).toEqual(["unchanged", "unchanged", "unchanged"]);
    const id = first[1] && "id" in first[1] ? first[1].id : "";
    expect(await auditOf(id)).toEqual(["payment.created"]);
    expect((await run((cx) => readPayment(cx, id))).discount).toEqual(aud(1_000n));
  });

  test("a changed row is an update; with money it keeps its amount and discount, and says so", async () => {
    const [first] = await send([payment("change-1")]);
    const id = (first && "id" in first ? first.id : "") as Payment["id"];
    expect(await send([payment("change-1", { amount: "2000.00", share_percent: "20", discount: "5" })])).toMatchObject([
      { outcome: "updated", id },
    ]);
    const shares = await run((cx) => sharesOf(cx, [id]));
    expect(shares.get(id)?.map((one) => toDecimal(one.net))).toEqual(["400.00"]);
    await pay(await run((cx) => readPayment(cx, id)), aud(1n), false);
    expect(await send([payment("change-1", { amount: "2100.00", share_percent: "20", discount: "6" })])).toMatchObject([
      { outcome: "bad", problems: [{ column: "amount" }, { column: "discount" }] },
    ]);
    await pay(await run((cx) => readPayment(cx, id)), aud(199_500n), true);
    const same = payment("change-1", { amount: "2000.00", share_percent: "20", discount: "5" });
    expect(await send([same])).toMatchObject([{ outcome: "unchanged" }]);
    expect(await send([{ ...same, item: "New" }])).toMatchObject([
      { outcome: "bad", problems: [{ column: "external_id" }] },
    ]);
  });

  test("a column that is not in the file stays as it is", async () => {
    await send([payment("keep-1", { discount: "10.00" })]);
    const {
      discount: _discount,
      partnership_external_id: _partner,
      share_percent: _share,
      ...rest
    } = payment("keep-1");
    expect(await send([rest])).toMatchObject([{ outcome: "unchanged" }]);
    expect(await send([{ ...rest, amount: "100.00" }])).toMatchObject([{ outcome: "updated" }]);
  });

  test("customers: rules as in the form, payers granted once, twice is unchanged", async () => {
    const rows = [
      {
        external_id: "D1",
        given_name: "Aiko",
        family_name: "Tanaka",
        email: "D1@S.example",
        language: "zh-hans",
        time_zone: "Asia/Tokyo",
        partnership_external_id: "P001",
        payer_email: "p@f.example",
      },
      { external_id: "D2", given_name: "", family_name: "Sato", email: "", payer_email: "" },
      {
        external_id: "D3",
        given_name: "Own",
        family_name: "Address",
        email: "own@s.example",
        payer_email: "Own@s.example",
      },
      {
        external_id: "D4",
        given_name: "",
        family_name: "",
        email: "nope",
        language: "xx-YY",
        time_zone: "Mars/Olympus",
        partnership_external_id: "P999",
      },
      { external_id: "D1", given_name: "Twice", family_name: "Again" },
    ];
    const sendCustomers = () => run((cx, may) => upsertCustomers(cx, may.customers, rows));
    const first = await sendCustomers();
    expect(first.map((one) => one.outcome)).toEqual(["created", "created", "created", "bad", "bad"]);
    expect(first[3]).toMatchObject({
      problems: [
        { column: "family_name" },
        { column: "email" },
        { column: "language" },
        { column: "time_zone" },
        { column: "partnership_external_id" },
      ],
    });
    expect((await sendCustomers()).map((one) => one.outcome)).toEqual([
      "unchanged",
      "unchanged",
      "unchanged",
      "bad",
      "bad",
    ]);
    const payers = await run((cx) => sql<{ email: string }>`select email from app.payer order by email`.execute(cx.db));
    expect(payers.rows).toEqual([{ email: "p@f.example" }]);
  });

  test("partnerships and contacts: created, unchanged, updated; a removed contact stays removed", async () => {
    const rows = [
      partnerRow("P100"),
      partnerRow("P101", { kind: "friend", commission_percent: "101", tax_registered: "maybe" }),
    ];
    const sendPartners = (given = rows) => run((cx, may) => upsertPartnerships(cx, may.partnerships, given));
    expect((await sendPartners()).map((one) => one.outcome)).toEqual(["created", "bad"]);
    expect((await sendPartners()).map((one) => one.outcome)).toEqual(["unchanged", "bad"]);
    expect((await sendPartners([partnerRow("P100", { name: "New" })])).map((one) => one.outcome)).toEqual(["updated"]);
    const contacts = [
      { partnership_external_id: "P100", name: "Ahmed", email: "A@p.example", phone: "+61 1", rights: "pay|view" },
      { partnership_external_id: "P100", name: "Again", email: "a@P.example" },
      { partnership_external_id: "P404", name: "Lost", email: "l@p.example", rights: "fly" },
    ];
    const sendContacts = () => run((cx, may) => upsertContacts(cx, may.partnerships, contacts));
    expect((await sendContacts()).map((one) => one.outcome)).toEqual(["created", "bad", "bad"]);
    expect((await sendContacts()).map((one) => one.outcome)).toEqual(["unchanged", "bad", "bad"]);
    await run((cx) => sql`update app.contact set removed_at = ${cx.now}`.execute(cx.db));
    expect((await sendContacts())[0]).toMatchObject({
      outcome: "bad",
      problems: [{ reason: expect.stringMatching(/removed/) }],
    });
  });
});
