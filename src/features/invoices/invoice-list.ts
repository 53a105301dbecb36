import type { Permit } from "#access/permit.ts";
import type { Invoice, InvoiceStatus } from "#features/invoices/invoice.ts";
import { selectListed } from "#features/invoices/invoice-list-store.ts";
import { invoiceOf } from "#features/invoices/invoice-store.ts";
import { isId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { cutPage, type Page, type Paging } from "#kernel/paging.ts";
import type { PlainDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** Everything that narrows the list; its export uses the same. Dates are those of issue, both inclusive. */
export type InvoiceFilter = {
  readonly status?: InvoiceStatus | undefined;
  readonly partner?: string | undefined;
  readonly q?: string | undefined;
  readonly currency?: Currency | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
};

export type ListedInvoice = { readonly invoice: Invoice; readonly partner: string };

/** A page of invoices, the newest first. One query. */
export async function listInvoices(
  cx: Cx,
  _may: Permit<"invoices.read"> | Permit<"invoices.export">,
  filter: InvoiceFilter,
  paging: Paging<string>,
): Promise<Page<ListedInvoice>> {
  const before = isId("inv", paging.before) ? paging.before : undefined;
  const after = !before && isId("inv", paging.after) ? paging.after : undefined;
  const today = todayOf(cx.institution, cx.now);
  const rows = await selectListed(cx, filter, today, { before, after, limit: paging.size + 1 });
  const cut = cutPage(rows, paging.size, after !== undefined, before !== undefined);
  return { ...cut, rows: cut.rows.map((row) => ({ invoice: invoiceOf(row), partner: row.partnership_name })) };
}
