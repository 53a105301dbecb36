import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import { creditInvoice } from "#features/invoices/credit-invoice.ts";
import { createDraft } from "#features/invoices/invoice-draft.ts";
import { issueInvoice } from "#features/invoices/issue-invoice.ts";
import { receiveUnmatched } from "#features/money-in/receive-money.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import { recordInvoicePayment } from "#features/money-in/record-invoice-payment.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { createPayment } from "#features/payments/create-payment.ts";
import { applyPayout } from "#features/payouts/apply-payout.ts";
import { gatherSome } from "#features/payouts/gather.ts";
import { insertPayoutAttempt } from "#features/payouts/payout-attempt-store.ts";
import { savePayout, selectFacts } from "#features/payouts/payout-store.ts";
import { refundPayment } from "#features/refunds/refund-payment.ts";
import { present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { walletsOf } from "./books-wallets.ts";
import type { TestGround } from "./ground.ts";

const aud = (minor: bigint) => money(minor, "AUD");

/** One of everything: paid with a share and a discount, paid in part, overpaid, refunded, and money of nobody. */
export async function liveAWhile(ground: TestGround): Promise<void> {
  await inTx(ground, ground.system, async (cx) => {
    const [partner] = await upsertPartnerships(cx, permit(cx.principal, "partnerships.write"), [
      {
        external_id: "P1",
        name: "Agent",
        kind: "agent",
        legal_name: "",
        tax_id: "1",
        tax_registered: "yes",
        currency: "AUD",
        commission_percent: "10",
        commission_tax: "exclusive",
      },
    ]);
    const customer = await createCustomer(cx, permit(cx.principal, "customers.write"), {
      given_name: "Aiko",
      family_name: "Tanaka",
      external_id: "C1",
    });
    const payment = (list: bigint, discount: bigint, allowPart = false) =>
      createPayment(cx, permit(cx.principal, "payments.write"), {
        customer: customer.id,
        item: "Tuition",
        list: aud(list),
        discount: aud(discount),
        dueDate: Temporal.PlainDate.from("2026-12-05"),
        allowPart,
        shares: [{ partnershipId: partner && "id" in partner ? partner.id : "", rateBps: 1_000 }],
      });
    const pay = (id: Awaited<ReturnType<typeof payment>>["id"], amount: Money) =>
      recordByHand(cx, permit(cx.principal, "payments.record"), {
        payments: [{ id, amount }],
        receivedOn: Temporal.PlainDate.from("2026-11-20"),
        methodLabel: "Cash",
        note: "",
        quiet: true,
      });
    const full = await payment(100_000n, 5_000n);
    await pay(full.id, aud(95_000n));
    const overpaid = await payment(20_000n, 0n);
    await pay(overpaid.id, aud(20_300n));
    const part = await payment(50_000n, 0n, true);
    await pay(part.id, aud(12_000n));
    await refundPayment(cx, permit(cx.principal, "payments.refund"), {
      payment: full.id,
      of: "list",
      amount: aud(40_000n),
      how: "by_hand",
      reason: "left early",
    });
    await moneyOfNobody(cx);
    if (partner && "id" in partner) await invoiceHalfPaid(cx, partner.id as PartnershipId);
    await payoutUnderWay(cx);
    // Earned after that payout had left: it goes into another one, and from there into a wallet.
    const later = await payment(30_000n, 0n);
    await pay(later.id, aud(30_000n));
    while (await gatherSome(cx));
    if (partner && "id" in partner) await walletsOf(cx, partner.id as PartnershipId);
  });
}

async function moneyOfNobody(cx: Cx): Promise<void> {
  await receiveUnmatched(cx, {
    provider: "sandbox",
    providerRef: "credit-1",
    kind: "bank_transfer",
    amount: aud(777n),
    surcharge: aud(0n),
    attempt: undefined,
    payer: undefined,
    reference: "thanks",
    payerName: "K. Tanaka",
    methodLabel: "Bank transfer",
    receivedOn: Temporal.PlainDate.from("2026-11-20"),
    recordedBy: "",
  });
}

/** What the partner earned less what was taken back, on its way to its bank. */
async function payoutUnderWay(cx: Cx): Promise<void> {
  while (await gatherSome(cx));
  const [facts] = await selectFacts(cx, sql`o.state = 'scheduled'`);
  const { payout } = present(facts, "the payout that shares were gathered into");
  const id = newId("pat", cx.now, cx.random);
  const bankAccount = newId("bac", cx.now, cx.random);
  await sql`insert into app.bank_account (institution_id, id, partnership_id, currency, holder_name, sealed, last4,
      state, proposed_by_kind, proposed_by, created_at)
    values (app.institution_id(), ${bankAccount}, ${payout.partnershipId}, 'AUD', 'Agent', '\\x00', '1234', 'active',
      'staff', 'test', ${cx.now})`.execute(cx.db);
  await savePayout(cx, { id: payout.id, state: "processing", bankAccount });
  await insertPayoutAttempt(cx, {
    id,
    payout_id: payout.id,
    partnership_id: payout.partnershipId,
    bank_account_id: bankAccount,
    provider: "sandbox",
    currency: "AUD",
    minor: payout.total.minor,
  });
  await applyPayout(cx, id, { ref: "po_1", amount: payout.total, state: "processing" });
}

/** Two invoices on a partner: one paid in part, then credited in part; of one of their lines a third is tax. */
async function invoiceHalfPaid(cx: Cx, partnership: PartnershipId): Promise<void> {
  const may = permit(cx.principal, "invoices.write");
  const dueDate = Temporal.PlainDate.from("2027-01-15");
  for (const id of [newId("inv", cx.now, cx.random), newId("inv", cx.now, cx.random)]) {
    const line = { description: "Portal fee", quantity: 3, unit: aud(3_333n), taxBps: 1_000 };
    await createDraft(cx, may, id, { partnership, currency: "AUD", dueDate, notes: "", lines: [line] });
    await issueInvoice(cx, may, id, { quiet: true });
    const receivedOn = Temporal.PlainDate.from("2026-11-20");
    const by = { receivedOn, methodLabel: "Bank transfer", note: "", owedBefore: 10_999n, quiet: true };
    await recordInvoicePayment(cx, may, { invoice: id, amount: aud(5_000n), ...by });
    const wish = new Map([[1, 9_000n]]);
    await creditInvoice(cx, may, {
      key: newId("inv", cx.now, cx.random),
      invoice: id,
      wish,
      reason: "Too many",
      quiet: true,
    });
  }
}
