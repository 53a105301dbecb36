import { assert } from "#kernel/assert.ts";
import { isCurrency, type Money, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { AccountKind, AccountRef } from "#ledger/chart.ts";
import type { HoldRef, Journal } from "#ledger/journal.ts";
import { post, tryPost } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";

/** An open hold, as it stands in the ledger. */
export type Hold = HoldRef & {
  readonly amount: Money;
  readonly reference: string;
  readonly placedAt: Instant;
  readonly expiresAt: Instant | undefined;
};

/** What `placeHold` takes: the key of its journal, which is the hold's name too (at most 160 characters). */
export type HoldRequest = {
  readonly key: string;
  readonly account: AccountRef;
  readonly amount: Money;
  readonly reference: string;
  readonly expiresAt?: Instant;
};

/**
 * Sets money of an account aside: out of available, still in the balance. Throws `ledger.insufficient-funds` when not
 * so much is available. The same request again answers the same hold.
 */
export async function placeHold(cx: Cx, request: HoldRequest): Promise<HoldRef> {
  const { key, account, amount, reference, expiresAt } = request;
  await post(cx, {
    key,
    kind: "hold.placed",
    reference,
    holds: [{ name: key, account, amount, ...(expiresAt ? { expiresAt } : {}) }],
  });
  return { account, currency: amount.currency, name: key };
}

/** Gives a hold's money back to available. Throws `ledger.refused` when it was closed under another key. */
export async function releaseHold(cx: Cx, request: { readonly key: string; readonly hold: HoldRef }): Promise<void> {
  await post(cx, { key: request.key, kind: "hold.released", release: [request.hold] });
}

/**
 * The open holds about one thing (a payment), oldest first; each can be given to `capture` or `release` of a journal.
 */
export async function openHolds(cx: Cx, about: { readonly reference: string }): Promise<Hold[]> {
  const rows = await openHoldRows(cx).where("h.reference", "=", about.reference).orderBy("h.placed_by").execute();
  return rows.map(toHold);
}

/** Releases holds whose time is over, at most `limit` of them; answers how many. For a job, in a system transaction. */
export async function releaseExpiredHolds(cx: Cx, limit = 500): Promise<number> {
  const rows = await openHoldRows(cx)
    .where("h.expires_at", "<=", cx.now)
    .orderBy("h.expires_at")
    .limit(limit)
    .execute();
  const journals = rows.map(
    (row): Journal => ({
      key: `expired:${row.account_id}:${row.name}`,
      kind: "hold.expired",
      reference: row.reference,
      release: [toHold(row)],
    }),
  );
  const results = await tryPost(cx, journals);
  return results.filter((result) => result.status === "done").length;
}

function openHoldRows(cx: Cx) {
  return cx.db
    .selectFrom("ledger.hold as h")
    .innerJoin("ledger.account as a", (join) =>
      join.onRef("a.institution_id", "=", "h.institution_id").onRef("a.id", "=", "h.account_id"),
    )
    .select(["h.account_id", "h.name", "h.amount", "h.reference", "h.placed_at", "h.expires_at", "h.currency"])
    .select(["a.kind", "a.owner"])
    .where("h.institution_id", "=", cx.institution.id)
    .where("h.state", "=", "open");
}

type HoldRow = Awaited<ReturnType<ReturnType<typeof openHoldRows>["execute"]>>[number];

function toHold(row: HoldRow): Hold {
  assert(isCurrency(row.currency), `the ledger holds ${row.currency}`);
  return {
    account: { kind: row.kind as AccountKind, owner: row.owner },
    currency: row.currency,
    name: row.name,
    amount: money(row.amount, row.currency),
    reference: row.reference,
    placedAt: row.placed_at,
    expiresAt: row.expires_at ?? undefined,
  };
}
