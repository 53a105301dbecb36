import { type RawBuilder, sql } from "kysely";
import type { Partner } from "#access/principal.ts";
import type { ChannelProductId, Method } from "#features/channel-products/methods.ts";
import { partnerMethods } from "#features/channel-products/methods-partner-view.ts";
import type { Attempt, AttemptId, AttemptState, Checkout, CheckoutId } from "#features/checkouts/checkout.ts";
import { type CheckoutLine, type CheckoutView, offersOf, type PaidView } from "#features/checkouts/checkout-page.ts";
import { type InvoiceId, invoiceNumber, owedOf } from "#features/invoices/invoice.ts";
import { invoicesOfPartner, type PartnerInvoice } from "#features/invoices/invoice-partner-view.ts";
import { present } from "#kernel/assert.ts";
import { type Currency, money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { BankInstructions, DeclineReason, Providers } from "#providers/provider.ts";

type CheckoutRow = {
  id: CheckoutId;
  currency: Currency;
  total_minor: bigint;
  state: Checkout["state"];
  invoice_id: InvoiceId;
  minor: bigint;
};

/** A checkout of the partner's own; undefined otherwise. */
export async function readPartnerCheckoutRow(cx: Cx<Partner>, id: string): Promise<Checkout | undefined> {
  const { rows } = await sql<CheckoutRow>`select c.id, c.currency, c.total_minor, c.state, i.invoice_id, i.minor
      from partner.checkout c join partner.checkout_invoice i on i.checkout_id = c.id
     where c.id = ${id} order by i.invoice_id`.execute(cx.db);
  const [first] = rows;
  if (!first) return undefined;
  return {
    id: first.id,
    payer: cx.principal.partnership,
    currency: first.currency,
    total: money(first.total_minor, first.currency),
    state: first.state,
    items: [],
    invoices: rows.map((row) => ({ invoice: row.invoice_id, amount: money(row.minor, row.currency) })),
  };
}

type AttemptRow = {
  id: AttemptId;
  checkout_id: CheckoutId;
  channel_product_id: ChannelProductId;
  kind: Method["kind"];
  provider: string;
  provider_ref: string | null;
  reference: string;
  state: AttemptState;
  currency: Currency;
  minor: bigint;
  surcharge_minor: bigint;
  failure_reason: DeclineReason | "";
  method_label: string;
  action_url: string;
  instructions: BankInstructions | null;
  created_at: Instant;
  settled_at: Instant | null;
};

const open = sql`a.state in ('pending', 'requires_action', 'processing')`;

async function selectAttempts(cx: Cx<Partner>, rest: RawBuilder<unknown>): Promise<Attempt[]> {
  const { rows } = await sql<AttemptRow>`select * from partner.attempt a where ${rest}`.execute(cx.db);
  return rows.map((row) => ({
    id: row.id,
    checkout: row.checkout_id,
    payer: cx.principal.partnership,
    method: row.channel_product_id,
    kind: row.kind,
    provider: row.provider,
    providerRef: row.provider_ref ?? undefined,
    reference: row.reference,
    state: row.state,
    amount: money(row.minor, row.currency),
    surcharge: money(row.surcharge_minor, row.currency),
    // A partner has no credit to spend: what it pays too much is paid out to it.
    credit: money(0n, row.currency),
    reason: row.failure_reason,
    methodLabel: row.method_label,
    actionUrl: row.action_url,
    instructions: row.instructions ?? undefined,
    looks: 0,
    createdAt: row.created_at,
    settledAt: row.settled_at ?? undefined,
  }));
}

/** Attempts under way for any of these invoices, oldest first. */
export async function attemptsForInvoices(cx: Cx<Partner>, invoices: readonly InvoiceId[]): Promise<Attempt[]> {
  return await selectAttempts(
    cx,
    sql`${open} and a.checkout_id in (select i.checkout_id from partner.checkout_invoice i
      where i.invoice_id = any(${[...invoices]})) order by a.id`,
  );
}

/** Invoices that a payment is on its way for: its payer can't take it back any more. */
export async function invoicesUnderWay(cx: Cx<Partner>): Promise<ReadonlySet<InvoiceId>> {
  const { rows } = await sql<{ invoice_id: InvoiceId }>`select distinct i.invoice_id
      from partner.checkout_invoice i join partner.attempt a on a.checkout_id = i.checkout_id
     where a.state in ('pending', 'processing')`.execute(cx.db);
  return new Set(rows.map((row) => row.invoice_id));
}

/** A checkout of the partner's own, as its pages show it; throws `not-found` otherwise. */
export async function readPartnerCheckout(cx: Cx<Partner>, id: string, providers: Providers): Promise<CheckoutView> {
  const checkout = await readPartnerCheckoutRow(cx, id);
  if (!checkout) throw notFound();
  const invoices = await invoicesOfPartner(
    cx,
    checkout.invoices.map((item) => item.invoice),
  );
  const none = money(0n, checkout.currency);
  const methods = await partnerMethods(cx, checkout.currency, providers);
  const [attempt] = await selectAttempts(
    cx,
    sql`a.checkout_id = ${checkout.id}
      order by a.state = 'succeeded' desc, ${open} desc, a.created_at desc, a.id desc limit 1`,
  );
  const arrived = attempt ? await arrivals(cx, attempt.id) : [];
  return {
    checkout,
    lines: invoices.map((invoice) => lineOf(checkout, invoice)),
    credit: none,
    methods: offersOf(checkout.total, none, methods),
    attempt,
    arrived: money(
      arrived.reduce((sum, row) => sum + row.minor + row.surcharge_minor, 0n),
      checkout.currency,
    ),
  };
}

function lineOf(checkout: Checkout, invoice: PartnerInvoice): CheckoutLine {
  const item = checkout.invoices.find((one) => one.invoice === invoice.id);
  const amount = item?.amount ?? money(0n, checkout.currency);
  const owed = owedOf(invoice);
  return {
    ref: invoice.number.toString(),
    title: invoiceNumber("invoice", invoice.number),
    dueDate: present(invoice.dueDate, "the due date of an issued invoice"),
    amount,
    owed,
    isPart: amount.minor < owed.minor,
    fits: owed.minor > 0n && amount.minor <= owed.minor,
    standing: standingOf(invoice),
  };
}

function standingOf(invoice: PartnerInvoice): CheckoutLine["standing"] {
  if (invoice.state === "void") return "cancelled";
  if (owedOf(invoice).minor === 0n) return "paid";
  return invoice.paid.minor > invoice.returned.minor ? "partially_paid" : "due";
}

type ArrivalRow = { minor: bigint; surcharge_minor: bigint; received_on: PlainDate; put: bigint };

/** What arrived for an attempt, and how much of it went to invoices. */
async function arrivals(cx: Cx<Partner>, attempt: AttemptId): Promise<ArrivalRow[]> {
  const { rows } = await sql<ArrivalRow>`select r.minor, r.surcharge_minor, r.received_on, coalesce((
             select sum(p.minor) from partner.invoice_payment p where p.received_id = r.id), 0)::bigint as put
      from partner.money_received r where r.attempt_id = ${attempt} order by r.id`.execute(cx.db);
  return rows;
}

/** When the money of a checkout arrived, where it went, and what of it was more than needed. */
export async function readPartnerPaid(cx: Cx<Partner>, view: CheckoutView): Promise<PaidView> {
  const rows = view.attempt ? await arrivals(cx, view.attempt.id) : [];
  const left = rows.reduce((sum, row) => sum + row.minor - row.put, 0n);
  return {
    receipts: [],
    receivedOn: rows.at(-1)?.received_on,
    left: money(left, view.checkout.currency),
    put: await readPut(cx, view),
  };
}

/** What money of a paid attempt went to each of its invoices. Paid outside, a line says what was chosen. */
async function readPut(cx: Cx<Partner>, { checkout, attempt, lines }: CheckoutView): Promise<PaidView["put"]> {
  if (attempt?.state !== "succeeded") return new Map();
  const { rows } = await sql<{ number: bigint; minor: bigint }>`select i.number, sum(p.minor)::bigint as minor
      from partner.money_received r
      join partner.invoice_payment p on p.received_id = r.id
      join partner.invoice i on i.id = p.invoice_id
     where r.attempt_id = ${attempt.id} group by i.number`.execute(cx.db);
  return new Map(
    lines.map(({ ref }) => {
      const put = rows.find((row) => row.number.toString() === ref)?.minor ?? 0n;
      return [ref, money(put, checkout.currency)];
    }),
  );
}
