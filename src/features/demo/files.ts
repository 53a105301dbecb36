import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { permit } from "#access/permit.ts";
import type { CustomerRow } from "#features/customers/customer-row.ts";
import { upsertCustomers } from "#features/customers/upsert-customers.ts";
import type { ContactRow, PartnershipRow } from "#features/partnerships/partnership-row.ts";
import { upsertContacts } from "#features/partnerships/upsert-contacts.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import type { PaymentRow } from "#features/payments/payment-row.ts";
import { upsertPayments } from "#features/payments/upsert-payments.ts";
import { atTime, moved, noon, type Story } from "./story.ts";

const folder = new URL("../../../test/fixtures/northbridge/", import.meta.url);
const customersShown = 24;
/** The day of the story on which the files came in. */
export const filesDay = "2026-04-20";

/** The partnerships and contacts of the files, the first customers, and what these owe. */
export async function loadFiles(story: Story): Promise<void> {
  const [partnerships, contacts, everyone, everything] = await Promise.all(
    ["partnerships", "contacts", "customers", "payments"].map((name) => read(name)),
  );
  const customers = (everyone ?? []).slice(0, customersShown);
  const shown = new Set(customers.map((row) => row.external_id));
  const payments = (everything ?? []).filter((row) => shown.has(row.customer_external_id));
  for (const row of payments) row.due_date = moved(story, row.due_date ?? "").toString();
  const cx = atTime(story, noon(moved(story, filesDay)));
  const may = permit(cx.principal, "partnerships.write");
  await upsertPartnerships(cx, may, (partnerships ?? []) as unknown as PartnershipRow[]);
  await upsertContacts(cx, may, (contacts ?? []) as unknown as ContactRow[]);
  await upsertCustomers(cx, permit(cx.principal, "customers.write"), customers as unknown as CustomerRow[]);
  await upsertPayments(cx, permit(cx.principal, "payments.write"), payments as unknown as PaymentRow[]);
}

async function read(name: string): Promise<Record<string, string>[]> {
  return parse(await readFile(new URL(`${name}.csv`, folder)), { columns: true, bom: true }) as Record<
    string,
    string
  >[];
}
