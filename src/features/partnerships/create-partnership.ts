import { isDeepStrictEqual } from "node:util";
import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import type { Partnership, PartnershipId } from "#features/partnerships/partnership.ts";
import {
  checkPartnership,
  type PartnershipText,
  partnershipChanges,
} from "#features/partnerships/partnership-input.ts";
import { insertPartnerships } from "#features/partnerships/partnership-store.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { readTaxStatus, type TaxStatusText } from "#features/partnerships/set-tax-status.ts";
import { statusAt, type TaxStatus } from "#features/partnerships/tax-status.ts";
import { selectTaxStatuses, upsertTaxStatuses } from "#features/partnerships/tax-status-store.ts";
import { isId, newId } from "#kernel/ids.ts";
import { keyReused, Problem } from "#kernel/problem.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** `key` is an id that the form was given when it was drawn, so that a form sent twice makes one partner. */
export type NewPartnershipText = PartnershipText &
  Pick<TaxStatusText, "tax_registered" | "from_date"> & { readonly key?: string };

/**
 * Creates a partner with its first tax status. Throws `form.invalid` with the words for each field, and
 * `idempotency.key-reused` where the key stands for a partner of other content.
 */
export async function createPartnership(
  cx: Cx,
  _may: Permit<"partnerships.write">,
  text: NewPartnershipText,
): Promise<Partnership> {
  const id: PartnershipId = isId("prt", text.key) ? text.key : newId("prt", cx.now, cx.random);
  const { input, status } = await checkAll(cx, text, id);
  const today = todayOf(cx.institution, cx.now);
  const partnership: Partnership = {
    ...input,
    id,
    taxRegistered: statusAt([status], today)?.registered ?? false,
    payoutsPaused: undefined,
    netting: input.netting ? "proposed" : "off",
    createdAt: cx.now,
    updatedAt: cx.now,
  };
  const fresh = await insertPartnerships(cx, [partnership]);
  if (!fresh.has(id)) return await sentTwice(cx, partnership, status);
  await upsertTaxStatuses(cx, [{ partnershipId: id, ...status }]);
  record(cx, { event: "partnership.created", subject: id, data: { name: partnership.name } });
  return partnership;
}

/** What the form made when it was sent first. Throws `idempotency.key-reused` where it says something else now. */
async function sentTwice(cx: Cx, again: Partnership, status: TaxStatus): Promise<Partnership> {
  const stored = await readPartnership(cx, again.id);
  const netting = stored.netting === "off" ? "off" : "proposed";
  const changes = partnershipChanges({ ...stored, netting }, again, new Map());
  const sameShare = isDeepStrictEqual(stored.defaultShare, again.defaultShare);
  const statuses = await selectTaxStatuses(cx, [again.id]);
  const sameStatus = statuses.some(
    (one) => one.from.equals(status.from) && one.registered === status.registered && one.taxId === status.taxId,
  );
  if (Object.keys(changes).length > 0 || !sameShare || !sameStatus) throw keyReused();
  return stored;
}

/** What is wrong with the partner and with its tax status is told at once, not one after the other. */
async function checkAll(cx: Cx, text: NewPartnershipText, id: PartnershipId) {
  const taxText = { tax_registered: text.tax_registered, from_date: text.from_date, tax_id: text.tax_id };
  const [input, status] = await Promise.all([
    checkPartnership(cx, text, id).catch(problemOf),
    Promise.resolve(taxText).then(readTaxStatus).catch(problemOf),
  ]);
  if (!(input instanceof Problem) && !(status instanceof Problem)) return { input, status };
  const fields = { ...(status instanceof Problem && status.fields), ...(input instanceof Problem && input.fields) };
  throw new Problem("form.invalid", "Please check what is marked.", { fields });
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem && error.code === "form.invalid") return error;
  throw error;
}
