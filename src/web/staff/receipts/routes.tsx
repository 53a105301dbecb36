import { z } from "zod";
import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { announcedPayments, findCustomers, suggestionsFor } from "#features/checkouts/suggestions.ts";
import { readCustomer } from "#features/customers/customer-views.ts";
import { matchMoney } from "#features/money-in/match-money.ts";
import { readReceivedMoney, unmatchedMoney } from "#features/money-in/received-views.ts";
import { openPaymentsOfCustomer } from "#features/payments/payment-views.ts";
import { page, seeOther } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { type MatchFacts, MatchPage, UnmatchedPage } from "#web/staff/receipts/unmatched-pages.tsx";

const params = z.object({ id: z.custom<`rcv_${string}`>((text) => isId("rcv", text)) });
const customerId = z.custom<`cus_${string}`>((text) => isId("cus", text));
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
  query: z.object({ q: z.string().max(200).catch(""), customer: customerId.optional().catch(undefined) }),
  handle: async (rq, cx, may) => {
    const facts = await matchFacts(cx, may, rq.params.id, { q: rq.query.q, customer: rq.query.customer });
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
    customer: customerId,
    payment: z.union([paymentId.transform((id) => [id]), z.array(paymentId).max(500)]).optional(),
  }),
  handle: async (rq, cx, may) => {
    await matchMoney(cx, may, {
      received: rq.params.id,
      customer: rq.form.customer,
      payments: rq.form.payment ?? [],
    });
    return seeOther("/staff/unmatched?done=matched");
  },
  again: async (rq, cx, may, failed) => {
    const typed = [failed.typed.customer ?? []].flat()[0];
    const customer = isId("cus", typed) ? typed : undefined;
    const facts = await matchFacts(cx, may, rq.params.id, { q: "", customer });
    const props = { ui: rq.ui, staff: cx.principal, facts };
    return page(<MatchPage {...props} values={failed.typed} problems={failed.errors} />);
  },
});

async function matchFacts(
  cx: Cx<Staff>,
  may: Permit<"receipts.match">,
  id: string,
  asked: { readonly q: string; readonly customer: `cus_${string}` | undefined },
): Promise<MatchFacts> {
  const money = await readReceivedMoney(cx, id);
  const customer = asked.customer ? await readCustomer(cx, asked.customer) : undefined;
  const open = customer ? await openPaymentsOfCustomer(cx, customer.id) : [];
  return {
    money,
    suggestions: customer ? [] : await suggestionsFor(cx, may, money),
    typed: asked.q,
    found: customer ? [] : await findCustomers(cx, may, asked.q),
    customer,
    announced: customer ? await announcedPayments(cx, may, customer.id, money) : [],
    open: open.filter((payment) => payment.list.currency === money.amount.currency),
    today: todayOf(cx.institution, cx.now),
  };
}

export default [list, one, match] satisfies Route[];
