import { type ContactRight, contactRights } from "#access/principal.ts";
import {
  type CommissionTax,
  type Partnership,
  type PartnershipKind,
  partnershipKinds,
} from "#features/partnerships/partnership.ts";
import type { Cells, ColumnSpec, Row } from "#kernel/cells.ts";

export type PartnershipColumn =
  | "external_id"
  | "name"
  | "kind"
  | "legal_name"
  | "tax_id"
  | "tax_registered"
  | "currency"
  | "commission_percent"
  | "commission_tax";
export type PartnershipRow = Row<PartnershipColumn>;

export const partnershipColumns: readonly (ColumnSpec & { readonly name: PartnershipColumn })[] = [
  { name: "external_id", label: "Reference", required: true, hint: "Your own reference of the partner, like P001" },
  { name: "name", label: "Name", required: true, hint: "The name people know it by" },
  { name: "kind", label: "Kind", required: true, hint: partnershipKinds.join(", ") },
  { name: "legal_name", label: "Legal name", required: false, hint: "As on its invoices" },
  { name: "tax_id", label: "Tax number", required: false, hint: "Like 51 254 504 766" },
  { name: "tax_registered", label: "Registered for tax", required: false, hint: "yes or no" },
  { name: "currency", label: "Currency", required: true, hint: "A code like AUD" },
  { name: "commission_percent", label: "Commission in percent", required: true, hint: "Like 12.5" },
  { name: "commission_tax", label: "Tax on commission", required: true, hint: "inclusive or exclusive" },
];

/** A partnership as a row describes it; undefined = not in the row. */
export type PartnershipCells = Partial<
  Pick<
    Partnership,
    "name" | "kind" | "legalName" | "taxId" | "taxRegistered" | "currency" | "commissionBps" | "commissionTax"
  >
> & { readonly externalId: string };

/** Reads one row; what is wrong is in `cells.problems`. */
export function readPartnershipRow(cells: Cells<PartnershipColumn>): PartnershipCells {
  const given = <T>(column: PartnershipColumn, read: () => T | undefined) => (cells.has(column) ? read() : undefined);
  const kind = given<PartnershipKind>("kind", () => cells.oneOf("kind", partnershipKinds));
  const taxRegistered = given("tax_registered", () => cells.yesNo("tax_registered"));
  const currency = given("currency", () => cells.currency("currency"));
  const commissionBps = given("commission_percent", () => cells.percent("commission_percent", 0));
  const commissionTax = given<CommissionTax>("commission_tax", () =>
    cells.oneOf("commission_tax", ["inclusive", "exclusive"]),
  );
  const name = given("name", () => cells.line("name", 200, "Write the partner's name."));
  const legalName = cells.line("legal_name", 200);
  const taxId = cells.line("tax_id", 64);
  return {
    externalId: cells.line("external_id", 64, "Write your reference of this partner.") ?? "",
    ...(name !== undefined && { name }),
    ...(kind && { kind }),
    ...(legalName !== undefined && { legalName }),
    ...(taxId !== undefined && { taxId }),
    ...(taxRegistered !== undefined && { taxRegistered }),
    ...(currency && { currency }),
    ...(commissionBps !== undefined && { commissionBps }),
    ...(commissionTax && { commissionTax }),
  };
}

export type ContactColumn = "partnership_external_id" | "name" | "email" | "phone" | "rights";
export type ContactRow = Row<ContactColumn>;

export const contactColumns: readonly (ColumnSpec & { readonly name: ContactColumn })[] = [
  { name: "partnership_external_id", label: "Partner's reference", required: true, hint: "Like P001" },
  { name: "name", label: "Name", required: true, hint: "The person's name" },
  { name: "email", label: "E-mail", required: true, hint: "The address the person signs in with" },
  { name: "phone", label: "Phone", required: false, hint: "Like +61 444 785 794" },
  { name: "rights", label: "Rights", required: false, hint: `${contactRights.join(", ")}, with | between them` },
];

/** A contact as a row describes it. */
export type ContactCells = {
  readonly partner: string;
  readonly email: string;
  readonly name?: string;
  readonly phone?: string;
  readonly rights?: readonly ContactRight[];
};

/** Reads one row; what is wrong is in `cells.problems`. */
export function readContactRow(cells: Cells<ContactColumn>): ContactCells {
  const partner = cells.line("partnership_external_id", 64, "Write the partner's reference.") ?? "";
  const email = cells.email("email");
  if (email === null || !cells.has("email"))
    cells.refuse("email", "Write the e-mail address the person signs in with.");
  const name = cells.has("name") ? cells.line("name", 200, "Write the person's name.") : undefined;
  const phone = cells.line("phone", 40);
  const rights = cells.raw("rights") === "" ? undefined : readRights(cells);
  return {
    partner,
    email: email ?? "",
    ...(name !== undefined && { name }),
    ...(phone !== undefined && { phone }),
    ...(rights && { rights }),
  };
}

function readRights(cells: Cells<ContactColumn>): readonly ContactRight[] | undefined {
  const words = cells
    .raw("rights")
    .toLowerCase()
    .split(/[|,;]/)
    .map((word) => word.trim())
    .filter(Boolean);
  const unknown = words.find((word) => !contactRights.includes(word as ContactRight));
  if (unknown !== undefined) return cells.refuse("rights", `Write ${contactRights.join(", ")}, with | between them.`);
  // Every contact may view.
  return contactRights.filter((right) => right === "view" || words.includes(right));
}
