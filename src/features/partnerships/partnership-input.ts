import {
  type CommissionTax,
  type DefaultShare,
  defaultShareKinds,
  kindWords,
  type Partnership,
  type PartnershipId,
  partnershipKinds,
  payoutSchedules,
  scheduleWords,
} from "#features/partnerships/partnership.ts";
import { isReferenceTaken, selectPartnerships } from "#features/partnerships/partnership-store.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { type Currency, toDecimal } from "#kernel/money.ts";
import { toPercent } from "#kernel/rate.ts";
import { cleanText } from "#kernel/text.ts";
import { customerLanguages } from "#platform/i18n/locales.ts";
import { currencyProblem } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

export const partnershipFieldNames = [
  ...(["name", "kind", "legal_name", "address", "tax_id", "currency", "external_id"] as const),
  ...(["share_kind", "share_percent", "share_amount", "share_of", "commission_tax"] as const),
  ...(["payout_schedule", "netting", "language"] as const),
] as const;
type Field = (typeof partnershipFieldNames)[number];

/** What was typed of a partner, as text. `share_of` is an id; `netting` is `on` or empty. */
export type PartnershipText = Readonly<Partial<Record<Field, string>>>;

/** What people edit of a partner. */
export type PartnershipInput = Omit<
  Partnership,
  "id" | "taxRegistered" | "payoutsPaused" | "netting" | "createdAt" | "updatedAt"
> & { readonly netting: boolean };

const mostAddress = 500;

/** Reads and checks what was typed. Throws `form.invalid` with the words for each field. */
export async function checkPartnership(cx: Cx, text: PartnershipText, id: string): Promise<PartnershipInput> {
  const cells = new Cells<Field>(text);
  const name = cells.line("name", 200, "Write the name people know it by.") ?? "";
  const kind = cells.oneOf("kind", partnershipKinds) ?? "agent";
  const legalName = cells.line("legal_name", 200) ?? "";
  const taxId = cells.line("tax_id", 64) ?? "";
  const currency = cells.currency("currency") ?? "AUD";
  const unused = currencyProblem(cx.institution, currency);
  if (unused !== undefined && (await selectPartnerships(cx, [id]))[0]?.currency !== currency) {
    cells.refuse("currency", unused);
  }
  const externalId = cells.line("external_id", 64) ?? "";
  if (cells.raw("address").length > mostAddress) cells.refuse("address", `Write at most ${mostAddress} characters.`);
  const defaultShare = await readShare(cx, cells, currency, id);
  const commissionTax = cells.oneOf<CommissionTax>("commission_tax", ["inclusive", "exclusive"]) ?? "exclusive";
  const payoutSchedule = cells.oneOf("payout_schedule", payoutSchedules) ?? "weekly";
  const language = cells.raw("language");
  if (language !== "" && !Object.hasOwn(customerLanguages, language)) {
    cells.refuse("language", "Choose a language from the list.");
  }
  if (externalId !== "" && (await isReferenceTaken(cx, externalId, id))) {
    cells.refuse("external_id", "Another partner has this reference.");
  }
  assertNoProblems(cells.problems);
  return {
    ...{ name, kind, taxId, currency, defaultShare, commissionTax, payoutSchedule, language },
    externalId: externalId === "" ? undefined : externalId,
    // Who has no legal name of its own goes by its name.
    legalName: legalName || name,
    address: cleanText(cells.raw("address")),
    commissionBps: defaultShare.kind === "flat" ? 0 : defaultShare.bps,
    netting: cells.raw("netting") === "on",
  };
}

async function readShare(cx: Cx, cells: Cells<Field>, currency: Currency, id: string): Promise<DefaultShare> {
  const kind = cells.oneOf("share_kind", defaultShareKinds) ?? "percent";
  if (kind === "flat") {
    const amount = cells.amount("share_amount", currency, 1n);
    return { kind, amount: amount ?? { minor: 1n, currency } };
  }
  const bps = cells.percent("share_percent", kind === "percent" ? 0 : 1) ?? 0;
  if (kind === "percent") return { kind, bps };
  const of = cells.raw("share_of");
  const [other] = of === "" || of === id ? [] : await selectPartnerships(cx, [of]);
  if (!other) cells.refuse("share_of", "Choose the other partner whose share it is a part of.");
  if (other?.defaultShare.kind === "percent_of_share" && other.defaultShare.of === id) {
    cells.refuse("share_of", "That partner's own share is a part of this one's. Choose another.");
  }
  return { kind, bps, of: of as PartnershipId };
}

type Compared = Omit<PartnershipInput, "netting"> & Pick<Partnership, "netting">;

/** What is different, field by field, in words: for the log. Empty when nothing is. */
export function partnershipChanges(
  before: Compared,
  after: Compared,
  names: ReadonlyMap<string, string>,
): Record<string, { from: string; to: string }> {
  const [was, is] = [wordsOf(before, names), wordsOf(after, names)];
  const changed = Object.keys(is).filter((field) => was[field] !== is[field]);
  return Object.fromEntries(changed.map((field) => [field, { from: was[field] ?? "", to: is[field] ?? "" }]));
}

function wordsOf(one: Compared, names: ReadonlyMap<string, string>): Record<string, string> {
  return {
    name: one.name,
    kind: kindWords[one.kind],
    legalName: one.legalName,
    address: one.address.replaceAll("\n", ", "),
    taxId: one.taxId,
    currency: one.currency,
    externalId: one.externalId ?? "",
    defaultShare: shareWords(one.defaultShare, names),
    commissionTax: one.commissionTax,
    payoutSchedule: scheduleWords[one.payoutSchedule],
    netting: one.netting,
    language: one.language,
  };
}

/** A default share in words: `12.5% of the list amount`. `names` has the partner whose share it is a part of. */
export function shareWords(share: DefaultShare, names: ReadonlyMap<string, string>): string {
  switch (share.kind) {
    case "flat":
      return `${share.amount.currency} ${toDecimal(share.amount)} a payment`;
    case "percent":
      return `${toPercent(share.bps)}% of the list amount`;
    case "percent_of_share":
      return `${toPercent(share.bps)}% of the share of ${names.get(share.of) ?? "another partner"}`;
  }
}
