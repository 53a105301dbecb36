import { type InvoiceKind, type InvoiceLine, invoiceNumber } from "#features/invoices/invoice.ts";
import { assert } from "#kernel/assert.ts";
import { isCurrency, type Money, money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Institution } from "#platform/institution.ts";

/** A party as a document names it. */
export type Party = {
  readonly name: string;
  readonly legalName: string;
  readonly address: string;
  /** Tax id or registration with its label: `ABN 51 824 753 556`. */
  readonly taxId: string;
  readonly email: string;
  readonly phone: string;
};

/**
 * A document of account as it was issued: everything its page and its PDF show, so that it stays the same when somebody
 * moves or changes a name. Stored as JSON: amounts are minor units as text, dates ISO 8601.
 */
export type InvoiceSnapshot = {
  readonly version: 1;
  readonly kind: InvoiceKind;
  readonly number: string;
  readonly issuedOn: string;
  /** Empty where nobody has to pay it. */
  readonly dueOn: string;
  /** What a credit note corrects; empty otherwise. */
  readonly corrects: string;
  readonly institution: Party & { readonly colour: string };
  readonly partner: Party;
  /** Whether the partner is the one who supplies: on self-billed invoices, and on what corrects them. */
  readonly partnerSupplies: boolean;
  /** Words that the law of a country wants; empty where there are none. */
  readonly title: string;
  readonly notice: string;
  readonly taxName: string;
  readonly currency: string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  /** Plain text. */
  readonly notes: string;
  readonly lines: readonly {
    readonly description: string;
    readonly quantity: number;
    readonly unit: string;
    readonly taxBps: number;
    readonly net: string;
    readonly tax: string;
  }[];
};

export type SnapshotInput = {
  readonly institution: Institution;
  readonly partner: { readonly name: string; legalName: string; address: string; taxId: string };
  readonly kind: InvoiceKind;
  readonly number: bigint;
  readonly issueDate: PlainDate;
  readonly dueDate: PlainDate | undefined;
  /** The kind and number of what is corrected. */
  readonly corrects: { readonly kind: InvoiceKind; readonly number: bigint } | undefined;
  readonly wording: { readonly title: string; readonly notice: string } | undefined;
  readonly notes: string;
  readonly lines: readonly InvoiceLine[];
  readonly totals: { readonly net: Money; readonly tax: Money; readonly total: Money };
};

/** Everything a document says, at its issue. */
export function snapshotOf(input: SnapshotInput): InvoiceSnapshot {
  const { institution, partner, totals, corrects } = input;
  return {
    version: 1,
    kind: input.kind,
    number: invoiceNumber(input.kind, input.number),
    issuedOn: input.issueDate.toString(),
    dueOn: input.dueDate?.toString() ?? "",
    corrects: corrects ? invoiceNumber(corrects.kind, corrects.number) : "",
    institution: {
      name: institution.name,
      legalName: institution.legalName,
      address: institution.address,
      taxId: registrationOf(institution),
      email: institution.contactEmail,
      phone: institution.contactPhone,
      colour: institution.brandColour,
    },
    partner: { ...partner, email: "", phone: "" },
    partnerSupplies: (corrects?.kind ?? input.kind) === "self_billed",
    title: input.wording?.title ?? "",
    notice: input.wording?.notice ?? "",
    taxName: institution.taxName,
    currency: totals.total.currency,
    net: totals.net.minor.toString(),
    tax: totals.tax.minor.toString(),
    total: totals.total.minor.toString(),
    notes: input.notes,
    lines: input.lines.map((line) => ({
      description: line.description,
      quantity: line.quantity,
      unit: line.unit.minor.toString(),
      taxBps: line.taxBps,
      net: line.net.minor.toString(),
      tax: line.tax.minor.toString(),
    })),
  };
}

/** `ABN 51 824 753 556`; empty where there is no number. */
function registrationOf({ registrationLabel, registrationNumber }: Institution): string {
  return registrationNumber === "" ? "" : `${registrationLabel} ${registrationNumber}`.trim();
}

/** An amount of a snapshot as money. */
export function snapshotMoney(snapshot: Pick<InvoiceSnapshot, "currency">, minor: string): Money {
  assert(isCurrency(snapshot.currency), "a document has a currency that we know");
  return money(BigInt(minor), snapshot.currency);
}
