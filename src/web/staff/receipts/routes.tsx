import { z } from "zod";
import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import {
  announcedInvoices,
  announcedPayments,
  findCustomers,
  findPartners,
  suggestionsFor,
} from "#features/checkouts/suggestions.ts";
import { readCustomer } from "#features/customers/customer-views.ts";
import { openInvoicesOf } from "#features/invoices/invoice-views.ts";
import { matchMoney } from "#features/money-in/match-money.ts";
import { matchToPartner } from "#features/money-in/match-to-partner.ts";
import { type ReceivedView, readReceivedMoney, unmatchedMoney } from "#features/money-in/received-views.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { openPaymentsOfCustomer } from "#features/payments/payment-views.ts";
import { page, seeOther } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { Problem } from "#kernel/problem.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import type { PartnerFacts } from "#web/staff/receipts/match-partner.tsx";
import { type MatchFacts, MatchPage, UnmatchedPage } from "#web/staff/receipts/unmatched-pages.tsx";

const params = z.object({ id: z.custom<`rcv_${string}`>((text) => isId("rcv", text)) });
const customerId = z.custom<`cus_${string}`>((text) => isId("cus", text));
const partnershipId = z.custom<`prt_${string}`>((text) => isId("prt", text));
const invoiceId = z.custom<`inv_${string}`>((text) => isId("inv", text), "Choose among the invoices shown.");
const paymentId = z.custom<`pay_${string}`>((text) => isId("pay", text), "Choose among the payments shown.");

const list = route({
  id: "staff.unmatched.list",
  method: "GET",
  path: "/staff/unmatched",
  opens: "staff",
  may: "payments.read",
  handle: async (rq, cx) => page(<UnmatchedPage ui={rq.ui} staff={cx.principal} rows={await unmatchedMoney(cx)} />),
});

const one = route({
  id: "staff.unmatched.read",
  method: "GET",
  path: "/staff/unmatched/:id",
  opens: "staff",
  may: "receipts.match",
  params,
  query: z.object({
    q: z.string().max(200).catch(""),
    customer: customerId.optional().catch(undefined),
    partner: partnershipId.optional().catch(undefined),
  }),
  handle: async (rq, cx, may) => {
    const facts = await matchFacts(cx, may, rq.params.id, rq.query);
    if (facts.money.state !== "unmatched") return seeOther("/staff/unmatched");
    return page(<MatchPage ui={rq.ui} staff={cx.principal} facts={facts} />);
  },
});

const match = route({
  id: "staff.unmatched.match",
  method: "POST",
  path: "/staff/unmatched/:id",
  opens: "staff",
  may: "receipts.match",
  params,
  form: z.object({
    customer: customerId.optional(),
    payment: z.union([paymentId.transform((id) => [id]), z.array(paymentId).max(500)]).optional(),
    partner: partnershipId.optional(),
    invoice: z.union([invoiceId.transform((id) => [id]), z.array(invoiceId).max(500)]).optional(),
  }),
  handle: async (rq, cx, may) => {
    const { customer, partner, payment = [], invoice = [] } = rq.form;
    if (partner) {
      await matchToPartner(cx, may, { received: rq.params.id, partnership: partner, invoices: invoice });
      return seeOther("/staff/unmatched?done=matched");
    }
    if (!customer)
      throw new Problem("form.invalid", "Choose whose money it is.", { fields: { "": "Choose whose money it is." } });
    await matchMoney(cx, may, {
      received: rq.params.id,
      customer,
      payments: payment,
    });
    return seeOther("/staff/unmatched?done=matched");
  },
  again: async (rq, cx, may, failed) => {
    const typed = [failed.typed.customer ?? []].flat()[0];
    const customer = isId("cus", typed) ? typed : undefined;
    const asked = [failed.typed.partner ?? []].flat()[0];
    const partner = isId("prt", asked) ? asked : undefined;
    const facts = await matchFacts(cx, may, rq.params.id, { q: "", customer, partner });
    const props = { ui: rq.ui, staff: cx.principal, facts };
    return page(<MatchPage {...props} values={failed.typed} problems={failed.errors} />);
  },
});

async function matchFacts(
  cx: Cx<Staff>,
  may: Permit<"receipts.match">,
  id: string,
  asked: {
    readonly q: string;
    readonly customer?: `cus_${string}` | undefined;
    readonly partner?: PartnershipId | undefined;
  },
): Promise<MatchFacts> {
  const money = await readReceivedMoney(cx, id);
  const customer = asked.customer ? await readCustomer(cx, asked.customer) : undefined;
  const partner = asked.partner ? await partnerFacts(cx, may, money, asked.partner) : undefined;
  const known = customer !== undefined || partner !== undefined;
  const open = customer ? await openPaymentsOfCustomer(cx, customer.id) : [];
  return {
    money,
    suggestions: known ? [] : await suggestionsFor(cx, may, money),
    typed: asked.q,
    found: known ? [] : await findCustomers(cx, may, asked.q),
    foundPartners: known ? [] : await findPartners(cx, may, asked.q),
    partner,
    customer,
    announced: customer ? await announcedPayments(cx, may, customer.id, money) : [],
    open: open.filter((payment) => payment.list.currency === money.amount.currency),
    today: todayOf(cx.institution, cx.now),
  };
}

async function partnerFacts(
  cx: Cx<Staff>,
  may: Permit<"receipts.match">,
  money: ReceivedView,
  id: PartnershipId,
): Promise<PartnerFacts> {
  const partnership = await readPartnership(cx, id);
  const open = await openInvoicesOf(cx, partnership.id);
  return {
    partnership,
    open: open.filter((invoice) => invoice.currency === money.amount.currency),
    announced: await announcedInvoices(cx, may, partnership.id, money),
  };
}

export default [list, one, match] satisfies Route[];
