import type { Permit } from "#access/permit.ts";
import { actorOf, type Partner } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import {
  endAgreement,
  insertAgreement,
  saveAccepted,
  selectAgreement,
  selectAgreements,
  selectOver,
  selectWordings,
} from "#features/self-billing/agreement-store.ts";
import {
  type Agreement,
  type AgreementId,
  agreementText,
  agreementVersion,
  lastDay,
  type Wording,
  wordingFor,
} from "#features/self-billing/self-billing.ts";
import { ownAgreement } from "#features/self-billing/self-billing-partner-view.ts";
import { present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { T } from "#platform/i18n/messages.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** The words that would be proposed to a partner, with those of the other countries to choose from. */
export async function agreementOnOffer(
  cx: Cx,
  _may: Permit<"self-billing.write">,
  partnership: string,
  country: string | undefined,
): Promise<{ readonly wording: Wording; readonly wordings: readonly Wording[]; readonly text: string }> {
  const partner = await readPartnership(cx, partnership);
  const wordings = await selectWordings(cx);
  const wording = wordings.find((one) => one.country === country) ?? wordingFor(wordings, cx.institution.country);
  if (!wording) throw notFound();
  const text = agreementText(wording, {
    institution: cx.institution.legalName || cx.institution.name,
    partner: partner.legalName || partner.name,
  });
  return { wording, wordings, text };
}

/**
 * Proposes self-billing to a partner; its contacts hear of it and one of them accepts. One agreement at a time: throws
 * `conflict` while another is proposed or in force, `not-found`.
 */
export async function proposeAgreement(
  cx: Cx,
  may: Permit<"self-billing.write">,
  input: { readonly partnership: string; readonly country: string | undefined },
): Promise<AgreementId> {
  const partner = await readPartnership(cx, input.partnership);
  const { wording, text } = await agreementOnOffer(cx, may, partner.id, input.country);
  const id: AgreementId = newId("sba", cx.now, cx.random);
  const by = actorOf(may.by).name;
  if (!(await insertAgreement(cx, { id, partnership: partner.id, country: wording.country, body: text, by }))) {
    throw new Problem("conflict", "An agreement is proposed or in force already. End it before you propose another.");
  }
  const data = { partnership: partner.id, country: wording.country };
  record(cx, { event: "self-billing.agreement-proposed", subject: id, data, outbox: true });
  return id;
}

/** Ends an agreement: what is earned from now on is no longer invoiced. Throws `conflict`, `not-found`. */
export async function revokeAgreement(
  cx: Cx,
  _may: Permit<"self-billing.write">,
  input: { readonly partnership: string; readonly id: string },
): Promise<void> {
  const agreement = await selectAgreement(cx, input.id);
  if (!agreement || agreement.partnership !== input.partnership) throw notFound();
  if (!(await endAgreement(cx, agreement.id, "revoked"))) throw new Problem("conflict", "It has ended already.");
  const data = { partnership: agreement.partnership };
  record(cx, { event: "self-billing.agreement-revoked", subject: agreement.id, data });
}

/** Every agreement with a partner, the newest first, for staff. */
export async function agreementsOf(
  cx: Cx,
  _may: Permit<"partnerships.read">,
  partnership: string,
): Promise<readonly Agreement[]> {
  return await selectAgreements(cx, partnership);
}

/**
 * A contact accepts what was proposed, for its partnership: its name, address and browser, and the instant, stand in
 * the agreement. What is earned from now on is invoiced, nothing before. `version` stands for the words that were read.
 * Throws `conflict` when it waits no more, or other words wait by now.
 */
export async function acceptAgreement(
  cx: Cx<Partner>,
  _may: Permit<"partner.pay">,
  input: { readonly version: string; readonly agent: string },
  t: T,
): Promise<void> {
  const proposed = await ownAgreement(cx);
  if (proposed?.state !== "proposed") throw new Problem("conflict", t("billing.problem.gone"));
  if (input.version !== agreementVersion(proposed)) throw new Problem("conflict", t("billing.problem.otherWords"));
  const { contact, name, email, partnership } = cx.principal;
  const until = lastDay(todayOf(cx.institution, cx.now), proposed.months);
  if (
    !(await saveAccepted(cx, proposed.id, {
      by: present(contact, "the contact whose right this is"),
      name,
      email,
      agent: input.agent,
      until,
    }))
  ) {
    throw new Problem("conflict", t("billing.problem.gone"));
  }
  const data = { partnership, until: until?.toString() ?? null };
  record(cx, { event: "self-billing.agreement-accepted", subject: proposed.id, data, outbox: true });
}

/** Ends the agreements whose last day is over. */
export async function expireAgreements(cx: Cx): Promise<void> {
  for (const agreement of await selectOver(cx, todayOf(cx.institution, cx.now))) {
    await endAgreement(cx, agreement.id, "expired");
    const data = { partnership: agreement.partnership };
    record(cx, { event: "self-billing.agreement-expired", subject: agreement.id, data });
  }
}
