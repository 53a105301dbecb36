import type { StaffBankAccount } from "#features/bank-accounts/bank-account.ts";
import { readBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import { type BookLine, bookLinesAbout } from "#features/payments/payment-entries.ts";
import { sharesOf } from "#features/payments/payment-money.ts";
import type { Share } from "#features/payments/shares.ts";
import { needsSecond } from "#features/payouts/cut-off.ts";
import { blockOf, isHoldable } from "#features/payouts/manage-payouts.ts";
import {
  approvedBySettings,
  type LineKind,
  type Payout,
  type PayoutFacts,
  type PayoutId,
} from "#features/payouts/payout.ts";
import { attemptsDue, attemptsOf, type PayoutAttempt } from "#features/payouts/payout-attempt-store.ts";
import { idsInReview } from "#features/payouts/payout-list-store.ts";
import { readFacts } from "#features/payouts/payout-store.ts";
import { type LineRow, selectLines, selectSums, staffNames } from "#features/payouts/payout-view-store.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { readWallet } from "#features/wallets/wallet-views.ts";
import { isId } from "#kernel/ids.ts";
import { type Currency, type Money, money, moneySum } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** A line of a payout with what it is about. */
export type PayoutLine = {
  readonly position: number;
  readonly kind: LineKind;
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
  readonly payment:
    | { readonly id: LineRow["payment_id"]; readonly item: string; readonly customer: string }
    | undefined;
  /** Why a refund took it back. */
  readonly reason: string;
  readonly invoice: LineDocument | undefined;
};

/** The invoice that a line is netted against, or the credit note that it gives back by with the invoice it corrects. */
export type LineDocument = {
  readonly id: string;
  readonly number: bigint;
  readonly kind: string;
  readonly corrects: { readonly id: string; readonly number: bigint } | undefined;
};

export type PayoutShown = {
  readonly payout: Payout;
  readonly facts: PayoutFacts;
  /** What stands in the way, in words, where it could be sent again. */
  readonly block: string | undefined;
  readonly holdable: boolean;
  readonly needsSecond: boolean;
  readonly approvals: readonly string[];
  readonly account: StaffBankAccount | undefined;
  /** The wallet that it went to, or goes to, instead of a bank account. */
  readonly wallet: Wallet | undefined;
  readonly attempts: readonly (PayoutAttempt & { readonly last4: string })[];
  readonly sums: readonly { readonly kind: LineKind; readonly total: Money; readonly lines: number }[];
  readonly lines: readonly PayoutLine[];
  /** Where the next page of lines begins. */
  readonly more: number | undefined;
};

/** Everything about one payout, with a page of its lines. Throws `not-found`. */
export async function showPayout(cx: Cx, id: string, behind: number, size: number): Promise<PayoutShown> {
  const [facts] = isId("pyo", id) ? await readFacts(cx, [id]) : [];
  if (!facts) throw notFound();
  const { payout } = facts;
  const { currency } = payout.total;
  const attempts = await attemptsOf(cx, payout.id);
  const lines = await selectLines(cx, payout.id, behind, size + 1);
  const accounts = await accountsOf(cx, [payout.bankAccountId, facts.bankAccount, ...attempts.map(accountOf)]);
  const walletId = payout.walletId ?? (payout.sentAt ? undefined : facts.wallet);
  const failed = payout.state === "failed" || payout.state === "returned";
  return {
    payout,
    facts,
    block: failed ? blockOf(facts) : undefined,
    holdable: isHoldable(
      payout,
      attempts.some((one) => one.state !== "failed" && one.state !== "returned"),
    ),
    needsSecond: needsSecond(facts, payout.total, payout.approvedBy),
    approvals: await approversOf(cx, payout),
    account: walletId
      ? undefined
      : accounts.get(payout.sentAt ? (payout.bankAccountId ?? "") : (facts.bankAccount ?? "")),
    wallet: walletId && (await readWallet(cx, walletId)),
    attempts: attempts.map((one) => ({ ...one, last4: accounts.get(one.bank_account_id)?.last4 ?? "" })),
    sums: (await selectSums(cx, payout.id)).map((one) => ({
      kind: one.kind,
      total: moneySum(one.minor, currency),
      lines: Number(one.lines),
    })),
    lines: lines.slice(0, size).map(lineOf),
    more: lines.length > size ? lines[size - 1]?.position : undefined,
  };
}

const accountOf = (attempt: PayoutAttempt) => attempt.bank_account_id;

async function accountsOf(cx: Cx, ids: readonly (string | undefined)[]): Promise<Map<string, StaffBankAccount>> {
  const found = new Map<string, StaffBankAccount>();
  for (const id of new Set(ids)) if (id !== undefined) found.set(id, await readBankAccount(cx, id));
  return found;
}

async function approversOf(cx: Cx, payout: Payout): Promise<string[]> {
  const ids = [payout.approvedBy, payout.secondApprovedBy].filter((id) => id !== undefined);
  const names = await staffNames(cx, ids);
  return ids.map((id) => (id === approvedBySettings ? "Nobody is asked, by your settings" : (names.get(id) ?? id)));
}

function lineOf(row: LineRow): PayoutLine {
  return {
    position: row.position,
    kind: row.kind,
    net: money(row.net_minor, row.currency),
    tax: money(row.tax_minor, row.currency),
    total: money(row.net_minor + row.tax_minor, row.currency),
    payment:
      row.payment_id === null
        ? undefined
        : { id: row.payment_id, item: row.item ?? "", customer: row.customer_name ?? "" },
    reason: row.reason ?? "",
    invoice: documentOf(row),
  };
}

function documentOf(row: LineRow): LineDocument | undefined {
  if (row.invoice_id === null) return undefined;
  return {
    id: row.invoice_id,
    number: row.invoice_number ?? 0n,
    kind: row.invoice_kind ?? "",
    corrects: row.corrects_id === null ? undefined : { id: row.corrects_id, number: row.corrects_number ?? 0n },
  };
}

export type LineShown = {
  readonly payout: Payout;
  readonly line: PayoutLine;
  readonly share: Share | undefined;
  readonly entries: readonly BookLine[];
};

/** One line down to its payment, share, tax and ledger entries ("Why this amount?"). Throws `not-found`. */
export async function showLine(cx: Cx, id: string, position: number): Promise<LineShown> {
  const [facts] = isId("pyo", id) ? await readFacts(cx, [id]) : [];
  const [row] = facts ? await selectLines(cx, facts.payout.id, position - 1, 1) : [];
  if (!facts || row?.position !== position) throw notFound();
  const { payout } = facts;
  const shares = row.payment_id ? ((await sharesOf(cx, [row.payment_id])).get(row.payment_id) ?? []) : [];
  // What a credit note gave back is booked about the invoice that it corrects, beside all else of that invoice.
  const credited = row.corrects_id === null ? null : { reference: row.corrects_id, key: `credited:${row.invoice_id}` };
  const things = [row.payment_id, row.refund_id, row.invoice_id, row.credit_of, credited, payout.id];
  const about = things.filter((one) => one !== null);
  const names = new Map<string, string>([...shares.map((one) => [one.partnershipId, one.partnershipName] as const)]);
  names.set(payout.partnershipId, payout.partnershipName);
  return {
    payout,
    line: lineOf(row),
    share: shares.find((one) => one.id === row.share_id),
    entries: await bookLinesAbout(cx, about, names),
  };
}

/** Payouts that wait for approval, the earliest day first. */
export async function payoutsInReview(cx: Cx, limit: number, currency: Currency | undefined): Promise<PayoutFacts[]> {
  return await readFacts(cx, await idsInReview(cx, limit, currency));
}

/** Attempts whose turn has come: for the demo's past, which has no provider to send them to. */
export async function attemptsWaiting(cx: Cx): Promise<PayoutAttempt[]> {
  return await attemptsDue(cx);
}

/** These payouts with what stands in their way; what is missing or foreign is left out. */
export async function payoutFacts(cx: Cx, ids: readonly string[]): Promise<PayoutFacts[]> {
  return await readFacts(
    cx,
    ids.filter((id): id is PayoutId => isId("pyo", id)),
  );
}
