import { sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { cancelPayment } from "#features/payments/cancel-payment.ts";
import { createPayment } from "#features/payments/create-payment.ts";
import { createPlan } from "#features/payments/create-plan.ts";
import { editPayment, type PaymentEdit } from "#features/payments/edit-payment.ts";
import { owedOf, type Payment } from "#features/payments/payment.ts";
import { sharesOf } from "#features/payments/payment-money.ts";
import { paymentsOfCustomer, readPayment } from "#features/payments/payment-views.ts";
import { refundPayment } from "#features/refunds/refund-payment.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { aud, date, paymentsGround } from "../../../test/support/payments.ts";

const { ground, run, customer, partner, other, made, pay, auditOf } = await paymentsGround();
afterAll(() => ground.end());

function editOf(payment: Payment, over: Partial<PaymentEdit> = {}): PaymentEdit {
  const { item, note, list, dueDate, allowPart, discount } = payment;
  return { item, note, list, dueDate, allowPart, discount, discountReason: "", shares: [], ...over };
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

  test("P9: what the institution keeps beside a remainder is no rate of the share: partners read rates", async () => {
    const shares = [{ partnershipId: partner, kind: "remainder", rateBps: 1_500 }] as const;
    const input = { customer, item: "T", list: aud(100_000n), dueDate: date("2026-12-05"), shares };
    const { id } = await run((cx, may) => createPayment(cx, may.payments, input));
    const { rows } = await run(
      async (cx) => await sql`select rate_bps, own_bps from app.share where payment_id = ${id}`.execute(cx.db),
    );
    expect(rows).toEqual([{ rate_bps: 0, own_bps: 1_500 }]);
    expect((await run((cx) => sharesOf(cx, [id]))).get(id)).toMatchObject([{ kind: "remainder", rateBps: 1_500 }]);
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
    const plan = { customer, item: "T", total: aud(3n), every: "week", first: date("2027-01-31") } as const;
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
    await run((cx, may) =>
      refundPayment(cx, may.refunds, {
        payment: payment.id,
        of: "list",
        amount: payment.list,
        how: "by_hand",
        reason: "",
      }),
    );
    const after = await run((cx) => readPayment(cx, payment.id));
    expect([after.state, after.refundedCash.minor]).toEqual(["refunded", 100_000n]);
    expect((await run((cx) => sharesOf(cx, [payment.id]))).get(payment.id)?.[0]?.state).toBe("reversed");
  });
});
