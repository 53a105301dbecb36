import { expect } from "vitest";
import { permit } from "#access/permit.ts";
import { proveBooks } from "#features/books/books.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import type { LineInput } from "#features/invoices/invoice-amounts.ts";
import { createDraft } from "#features/invoices/invoice-draft.ts";
import { issueInvoice } from "#features/invoices/issue-invoice.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Browser } from "./browser.ts";
import { type TestHouse, testNow } from "./house.ts";
import type { MoneyWorld } from "./money.ts";

export type Raised = {
  readonly net?: bigint;
  readonly taxBps?: number;
  readonly due?: string;
  readonly currency?: Currency;
  readonly lines?: readonly LineInput[];
  readonly notes?: string;
  readonly partnership?: string;
  readonly quiet?: boolean;
};

/** Raises an invoice on the partner of a world and issues it; one that is overdue was issued in time. */
export async function raise(h: TestHouse, world: MoneyWorld, raised: Raised = {}) {
  const { net = 100_000n, taxBps = 1_000, due = "2026-12-20", currency = "AUD", quiet = true } = raised;
  const id: InvoiceId = newId("inv", h.clock.now(), h.random);
  const lines = raised.lines ?? [{ description: "Portal fee", quantity: 1, unit: money(net, currency), taxBps }];
  const issued = await h.system(world.institution, async (cx) => {
    const may = permit(cx.principal, "invoices.write");
    await createDraft(cx, may, id, {
      partnership: (raised.partnership ?? world.partner) as PartnershipId,
      currency,
      dueDate: Temporal.PlainDate.from(due < testNow ? "2027-01-01" : due),
      notes: raised.notes ?? "",
      lines,
    });
    return await issueInvoice(cx, may, id, { quiet });
  });
  if (due < testNow) await h.admin.query("update app.invoice set due_date = $2 where id = $1", [id, due]);
  return { id, number: issued.number };
}

/** One invoice as the database has it. */
export async function invoiceRow(h: TestHouse, id: string) {
  const { rows } = await h.admin.query<{
    state: string;
    number: bigint | null;
    total_minor: bigint;
    paid_minor: bigint;
    credited_minor: bigint;
    returned_minor: bigint;
  }>("select state, number, total_minor, paid_minor, credited_minor, returned_minor from app.invoice where id = $1", [
    id,
  ]);
  return present(rows[0], "an invoice");
}

/** What stands on an account, credit-normal, in minor units. */
export async function standsOn(h: TestHouse, kind: string, owner = "", currency = "AUD"): Promise<bigint> {
  const { rows } = await h.admin.query<{ balance: bigint }>(
    "select balance from ledger.account where kind = $1 and owner = $2 and currency = $3",
    [kind, owner, currency],
  );
  return rows[0]?.balance ?? 0n;
}

/** Chooses invoices in the partner portal; answers the checkout's path, its methods and the amount on the button. */
export async function chooseInvoices(browser: Browser, form: Readonly<Record<string, string | string[]>>) {
  const opened = await browser.post("/partner/pay", form);
  const path = opened.location.replace("/review", "");
  const review = await browser.get(opened.location);
  return {
    path,
    review,
    methods: [...review.text.matchAll(/value="(chp_[^"]+)"/g)].map((found) => found[1] ?? ""),
    expected: /name="expected" value="(\d+)"/.exec(review.text)?.[1] ?? "",
  };
}

/** Chooses invoices and presses the button for a card or a transfer; answers where it led. */
export async function startPaying(
  browser: Browser,
  form: Readonly<Record<string, string | string[]>>,
  kind: "card" | "bank_transfer" = "card",
) {
  const { path, methods, expected } = await chooseInvoices(browser, form);
  const method = methods[kind === "card" ? 0 : 1] ?? "";
  const started = await browser.post(`${path}/review`, { method, expected });
  return { path, started };
}

/** Every law of the ledger, and every law between it and the rows it stands for. */
export async function expectBooksProved(h: TestHouse, world: MoneyWorld): Promise<void> {
  expect((await h.system(world.institution, proveBooks)).broken).toEqual([]);
}
