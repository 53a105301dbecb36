import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import { lockPartnership } from "#features/partnerships/partnership-store.ts";
import { statusAt, type TaxStatus } from "#features/partnerships/tax-status.ts";
import { selectTaxStatuses, syncTaxStatus, upsertTaxStatuses } from "#features/partnerships/tax-status-store.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { notFound } from "#kernel/problem.ts";
import { todayOf } from "#platform/institution.ts";
import type { Work } from "#platform/jobs.ts";
import { type Cx, inTx } from "#platform/tx.ts";

/** What was typed: registered `yes` or `no`, the number, and the day from which it holds. */
export type TaxStatusText = {
  readonly tax_registered?: string | undefined;
  readonly tax_id?: string | undefined;
  readonly from_date?: string | undefined;
};

/**
 * Says from which day on a partner is (not) registered for tax. What is already issued or agreed stays as it is; new
 * shares and documents follow the status of their day. Setting the same again changes nothing. Throws `form.invalid`,
 * `not-found`.
 */
export async function setTaxStatus(
  cx: Cx,
  _may: Permit<"partnerships.write">,
  id: string,
  text: TaxStatusText,
): Promise<void> {
  if (!(await lockPartnership(cx, id))) throw notFound();
  const status = readTaxStatus(text);
  const before = statusAt(await selectTaxStatuses(cx, [id]), status.from);
  if (before && same(before, status) && before.from.equals(status.from)) return;
  await upsertTaxStatuses(cx, [{ partnershipId: id, ...status }]);
  await syncTaxStatus(cx, todayOf(cx.institution, cx.now), id);
  const from = status.from.toString();
  const changes = {
    taxRegistered: { from: before?.registered ?? null, to: status.registered },
    ...(before?.taxId !== status.taxId && { taxId: { from: before?.taxId ?? "", to: status.taxId } }),
    validFrom: { from: before?.from.toString() ?? null, to: from },
  };
  record(cx, { event: "partnership.tax-status-set", subject: id, data: { from, changes } });
}

function same(a: TaxStatus, b: TaxStatus): boolean {
  return a.registered === b.registered && a.taxId === b.taxId;
}

/** Reads what was typed. Throws `form.invalid` with the words for each field. */
export function readTaxStatus(text: TaxStatusText): TaxStatus {
  const cells = new Cells<keyof TaxStatusText>(given(text));
  const registered = cells.yesNo("tax_registered") ?? false;
  const from = cells.date("from_date");
  const required = registered ? "Write the number under which it is registered." : undefined;
  const taxId = cells.line("tax_id", 64, required) ?? "";
  assertNoProblems(cells.problems);
  if (!from) throw new Error("A date that was read has no problem.");
  return { registered, taxId, from };
}

/** Fields that were not sent count as empty: the form holds all of them. */
function given({ tax_registered = "", tax_id = "", from_date = "" }: TaxStatusText) {
  return { tax_registered, tax_id, from_date };
}

/** Statuses that begin today become what the partnerships' own rows say. */
export async function beginTaxStatuses({ ground, institution }: Work<"partnerships.tax-status">): Promise<void> {
  await inTx(ground, { as: "system", institution, task: "partnerships.tax-status" }, async (cx) => {
    await syncTaxStatus(cx, todayOf(cx.institution, cx.now));
  });
}
