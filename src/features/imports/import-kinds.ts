import { permit } from "#access/permit.ts";
import type { StaffId } from "#access/principal.ts";
import { customerColumns } from "#features/customers/customer-row.ts";
import { upsertCustomers } from "#features/customers/upsert-customers.ts";
import { contactColumns, partnershipColumns } from "#features/partnerships/partnership-row.ts";
import { upsertContacts } from "#features/partnerships/upsert-contacts.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { paymentColumns } from "#features/payments/payment-row.ts";
import { upsertPayments } from "#features/payments/upsert-payments.ts";
import type { ColumnSpec, RowResult } from "#kernel/cells.ts";
import type { Cx } from "#platform/tx.ts";
import type { ImportKind } from "./import.ts";

export type Kind = {
  /** As a heading and in a list: "Customers". */
  readonly label: string;
  /** In a sentence: "2,000 customers". */
  readonly one: string;
  readonly many: string;
  /** What the file is for, in a line. */
  readonly about: string;
  /** What must be there before it. */
  readonly needs: string | undefined;
  readonly columns: readonly ColumnSpec[];
  /** The columns that together name one thing in the file. */
  readonly keyColumns: readonly string[];
  /** Creates or updates what the rows say; the results stand in the order of the rows. */
  store(cx: Cx, rows: readonly Record<string, string>[], importedBy: StaffId): Promise<readonly RowResult[]>;
};

/** Everything that is particular to a kind of import. The rules of the rows stand with their features. */
export const kinds: Readonly<Record<ImportKind, Kind>> = {
  partnerships: {
    label: "Partnerships",
    one: "partnership",
    many: "partnerships",
    about: "Agents, schools and others who get a share of payments.",
    needs: undefined,
    columns: partnershipColumns,
    keyColumns: ["external_id"],
    store: (cx, rows) => upsertPartnerships(cx, permit(cx.principal, "partnerships.write"), rows),
  },
  contacts: {
    label: "Contacts",
    one: "contact",
    many: "contacts",
    about: "The people at a partnership who see its portal.",
    needs: "Import the partnerships first.",
    columns: contactColumns,
    keyColumns: ["partnership_external_id", "email"],
    store: (cx, rows) => upsertContacts(cx, permit(cx.principal, "partnerships.write"), rows),
  },
  customers: {
    label: "Customers",
    one: "customer",
    many: "customers",
    about: "Whoever owes you money, with an address to sign in with and, where there is one, a payer.",
    needs: "Import the partnerships first if customers name one.",
    columns: customerColumns,
    keyColumns: ["external_id"],
    store: (cx, rows) => upsertCustomers(cx, permit(cx.principal, "customers.write"), rows),
  },
  payments: {
    label: "Payments",
    one: "payment",
    many: "payments",
    about: "What customers owe: item, amount and due date, with a partner’s share and your discount.",
    needs: "Import the customers first.",
    columns: paymentColumns,
    keyColumns: ["external_id"],
    store: (cx, rows, importedBy) =>
      upsertPayments(cx, permit(cx.principal, "payments.write"), rows, { givenBy: importedBy }),
  },
};
