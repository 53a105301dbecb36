import { afterAll, describe, expect, test } from "vitest";
import type { Payment } from "#features/payments/payment.ts";
import { sharesOf } from "#features/payments/payment-money.ts";
import type { PaymentRow } from "#features/payments/payment-row.ts";
import { readPayment } from "#features/payments/payment-views.ts";
import { upsertPayments } from "#features/payments/upsert-payments.ts";
import { toDecimal } from "#kernel/money.ts";
import { aud, paymentsGround } from "../../../test/support/payments.ts";

const { ground, run, pay, auditOf } = await paymentsGround();
afterAll(() => ground.end());

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
});
