import { sql } from "kysely";
import { type Currency, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import { type PayoutFailure, type PayoutRequest, type ProviderPayout, payoutFailures } from "#providers/provider.ts";

/** What becomes of a payout to an account of the sandbox. */
type PayoutOutcome = {
  readonly reason: PayoutFailure | "";
  /** When it is known, and when it comes back; undefined: never. */
  readonly settlesInSeconds: number | undefined;
  readonly returnsInDays: number | undefined;
};

/** How long the bank behind the sandbox takes, in seconds. */
const bankSeconds = 20;
const returnDays = 3;

/** Endings of account numbers that mean something here. Any other number takes the money. */
export const testEndings: readonly { readonly ending: string; readonly what: string }[] = [
  ...payoutFailures.map((reason, index) => ({ ending: `910${index + 1}`, what: `Refused at once: ${reason}` })),
  ...payoutFailures.map((reason, index) => ({
    ending: `920${index + 1}`,
    what: `Refused by the bank later: ${reason}`,
  })),
  ...payoutFailures.map((reason, index) => ({
    ending: `930${index + 1}`,
    what: `Paid, returned days later: ${reason}`,
  })),
  { ending: "9400", what: "Taken on, and never heard of again" },
];

/** What an account number's last four digits make of a payout. */
function outcomeOf(account: string): PayoutOutcome {
  const ending = account.replaceAll(/\D/g, "").slice(-4);
  const reason = payoutFailures[Number(ending.slice(3)) - 1] ?? "could_not_process";
  switch (ending.slice(0, 3)) {
    case "910":
      return { reason, settlesInSeconds: 0, returnsInDays: undefined };
    case "920":
      return { reason, settlesInSeconds: bankSeconds, returnsInDays: undefined };
    case "930":
      return { reason, settlesInSeconds: bankSeconds, returnsInDays: returnDays };
    case "940":
      return { reason: "", settlesInSeconds: undefined, returnsInDays: undefined };
    default:
      return { reason: "", settlesInSeconds: bankSeconds, returnsInDays: undefined };
  }
}

export type PayoutRow = {
  ref: string;
  currency: Currency;
  minor: bigint;
  failure_reason: PayoutFailure | "";
  settles_at: Instant | null;
  returns_at: Instant | null;
  now: Instant;
};

/** Takes a payout on, or finds the one that this key made before. */
export async function startPayoutRow(
  cx: Cx,
  ref: string,
  request: PayoutRequest,
): Promise<{ readonly row: PayoutRow; readonly isNew: boolean }> {
  const { key, amount, to, reference } = request;
  const account = to.numbers.account ?? to.numbers.iban ?? Object.values(to.numbers).at(-1) ?? "";
  const outcome = outcomeOf(account);
  const settlesAt = outcome.settlesInSeconds === undefined ? null : cx.now.add({ seconds: outcome.settlesInSeconds });
  const returnsAt = outcome.returnsInDays === undefined ? null : cx.now.add({ hours: 24 * outcome.returnsInDays });
  const { rows } = await sql`insert into sandbox.payout (ref, institution_id, idempotency_key, currency, minor,
      holder_name, account, reference, failure_reason, settles_at, returns_at, created_at)
    values (${ref}, ${cx.institution.id}, ${key}, ${amount.currency}, ${amount.minor}, ${to.holderName}, ${account},
      ${reference}, ${outcome.reason}, ${settlesAt}, ${returnsAt}, ${cx.now})
    on conflict (idempotency_key) do nothing returning ref`.execute(cx.db);
  const row = await payoutRow(cx, { key });
  if (!row) throw new Error("the sandbox lost a payout that it had just taken on");
  return { row, isNew: rows.length === 1 };
}

export async function payoutRow(cx: Cx, by: { ref: string } | { key: string }): Promise<PayoutRow | undefined> {
  const which = "ref" in by ? sql`ref = ${by.ref}` : sql`idempotency_key = ${by.key}`;
  const { rows } = await sql<PayoutRow>`select ref, currency, minor, failure_reason, settles_at, returns_at,
      ${cx.now}::timestamptz as now
    from sandbox.payout where institution_id = ${cx.institution.id} and ${which}`.execute(cx.db);
  return rows[0];
}

/** The payout as the contract has it, at the time it was read. */
export function payoutOf(row: PayoutRow): ProviderPayout {
  const shared = { ref: row.ref, amount: money(row.minor, row.currency) };
  const past = (at: Instant | null) => at !== null && Temporal.Instant.compare(at, row.now) <= 0;
  const reason = row.failure_reason || "could_not_process";
  if (!past(row.settles_at)) return { ...shared, state: "processing" };
  if (row.returns_at !== null) {
    return past(row.returns_at) ? { ...shared, state: "returned", reason } : { ...shared, state: "succeeded" };
  }
  return row.failure_reason === "" ? { ...shared, state: "succeeded" } : { ...shared, state: "failed", reason };
}

/** When the far side has something to tell of a payout that it just took on. */
export function dueChanges(row: PayoutRow, now: Instant): Instant[] {
  return [row.settles_at, row.returns_at].filter(
    (at): at is Instant => at !== null && Temporal.Instant.compare(at, now) > 0,
  );
}
