import type { InstitutionId } from "#access/principal.ts";
import type { Money } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { cardLabel, laterSeconds, type TestCard } from "#providers/sandbox/cards.ts";
import {
  type ChargeRow,
  chargeRow,
  farSide,
  insertCredit,
  openTransfers,
  saveCharge,
} from "#providers/sandbox/memory.ts";
import { newRef, type Sandbox } from "#providers/sandbox/sandbox.ts";

/** What the sandbox's own pages show of a charge. */
export async function hostedCharge(
  sandbox: Sandbox,
  institution: InstitutionId,
  ref: string,
): Promise<ChargeRow | undefined> {
  return await farSide(sandbox.ground, institution, async (cx) => {
    const row = await chargeRow(cx, { ref });
    return row?.kind === "card" ? row : undefined;
  });
}

/**
 * The payer gives a card on the hosted page. Answers where the charge stands then; a charge that is over stays as it
 * is.
 */
export async function payByCard(
  sandbox: Sandbox,
  institution: InstitutionId,
  ref: string,
  card: TestCard,
): Promise<ChargeRow | undefined> {
  return await change(sandbox, institution, ref, ["open", "confirm"], (row, cx) => {
    const paid = { ...row, method_label: cardLabel(card) };
    switch (card.outcome.is) {
      case "approved":
        return { ...paid, state: "succeeded", settles_at: cx.now };
      case "declined":
        return { ...paid, state: "failed", failure_reason: card.outcome.reason };
      case "confirm":
        return { ...paid, state: "confirm" };
      case "later":
        return {
          ...paid,
          state: "processing",
          failure_reason: card.outcome.reason ?? "",
          settles_at: cx.now.add({ seconds: laterSeconds }),
        };
    }
  });
}

/** The payer confirms, or refuses to, after a card that asks for it. */
export async function confirmCard(
  sandbox: Sandbox,
  institution: InstitutionId,
  ref: string,
  agreed: boolean,
): Promise<ChargeRow | undefined> {
  return await change(sandbox, institution, ref, ["confirm"], (row, cx) =>
    agreed
      ? { ...row, state: "succeeded", settles_at: cx.now }
      : { ...row, state: "failed", failure_reason: "authentication_failed" },
  );
}

/** The payer goes back without paying. */
export async function leaveHostedPage(
  sandbox: Sandbox,
  institution: InstitutionId,
  ref: string,
): Promise<ChargeRow | undefined> {
  return await change(sandbox, institution, ref, ["open", "confirm"], (row) => ({
    ...row,
    state: "failed",
    failure_reason: "cancelled_by_payer",
  }));
}

async function change(
  sandbox: Sandbox,
  institution: InstitutionId,
  ref: string,
  from: readonly ChargeRow["state"][],
  next: (row: ChargeRow, cx: Cx) => ChargeRow,
): Promise<ChargeRow | undefined> {
  return await farSide(sandbox.ground, institution, async (cx) => {
    const row = await chargeRow(cx, { ref });
    if (!row || !from.includes(row.state)) return row;
    const changed = next(row, cx);
    await saveCharge(cx, changed);
    await sandbox.tellOfCharge(cx, ref, cx.now);
    if (changed.state === "processing" && changed.settles_at) await sandbox.tellOfCharge(cx, ref, changed.settles_at);
    return changed;
  });
}

export type Transfer = { readonly amount: Money; readonly reference: string; readonly payerName: string };

/** Money lands on the institution's account at the sandbox's bank; the bank tells of it in its own time. */
export async function sendTransfer(sandbox: Sandbox, institution: InstitutionId, transfer: Transfer): Promise<string> {
  return await farSide(sandbox.ground, institution, async (cx) => {
    const ref = newRef(cx, "cr");
    await insertCredit(cx, {
      ref,
      currency: transfer.amount.currency,
      minor: transfer.amount.minor,
      reference: transfer.reference,
      payer_name: transfer.payerName,
      received_on: todayOf(cx.institution, cx.now),
      created_at: cx.now,
    });
    await sandbox.tellOfCredit(cx, ref);
    return ref;
  });
}

/** Bank transfers that wait for money, for the sandbox's bank page. */
export async function awaitedTransfers(sandbox: Sandbox, institution: InstitutionId): Promise<ChargeRow[]> {
  return await farSide(sandbox.ground, institution, openTransfers);
}
