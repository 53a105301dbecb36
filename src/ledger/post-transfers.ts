import { assert } from "#kernel/assert.ts";
import type { Instant } from "#kernel/time.ts";
import type { BatchWork } from "#ledger/batcher.ts";
import type { PostStatus } from "#ledger/post.ts";
import { type PlainTransfer, transferDigest, transferKey } from "#ledger/transfer.ts";
import { send } from "#platform/database.ts";

/** What became of a plain transfer. `journal` is the number of the first one, when it was replayed. */
export type PostedTransfer = { readonly status: PostStatus; readonly journal: bigint | undefined };

/**
 * Posts plain transfers through a batcher: one by itself, or many in one call. Each stands for itself; use it where
 * nothing else is written with the transfer.
 */
export function plainTransfers(clock: { now(): Instant }): BatchWork<PlainTransfer, PostedTransfer> {
  return {
    keyOf: (item) => `${item.institution} ${item.reference}`,
    digestOf: transferDigest,
    replayed: (result) => (result.status === "done" ? { ...result, status: "replayed" } : result),
    async one(client, item) {
      const { rows } = await send<{ status: PostStatus; journal_id: bigint | null }>(
        client,
        "select status, journal_id from ledger.post_transfer($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [clock.now(), ...scalars(item)],
      );
      const [row] = rows;
      return { status: row?.status ?? "malformed", journal: row?.journal_id ?? undefined };
    },
    async many(client, items) {
      const columns = items.map(scalars);
      const { rows } = await send<{ status: string; journals: string }>(
        client,
        `select array_to_string(status, ',') as status, array_to_string(journal_id, ',', '') as journals
           from ledger.post_transfers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [clock.now(), ...Array.from({ length: 9 }, (_, column) => arrayLiteral(columns.map((row) => row[column])))],
      );
      const journals = rows[0]?.journals.split(",") ?? [];
      return (rows[0]?.status.split(",") ?? []).map((status, index) => ({
        status: status as PostStatus,
        journal: journals[index] ? BigInt(journals[index]) : undefined,
      }));
    },
  };
}

function scalars(item: PlainTransfer): readonly (string | bigint)[] {
  const { amount, fee } = item;
  assert(!fee || fee.currency === amount.currency, "a fee is in the currency of its transfer");
  return [
    item.institution,
    transferKey(item.reference),
    transferDigest(item),
    item.kind,
    amount.currency,
    item.debitId,
    item.creditId,
    amount.minor,
    fee?.minor ?? 0n,
  ];
}

const bare = /^(?!null$)[\w:.-]+$/i;

/** A list as PostgreSQL reads it, in one text: pg writes long lists of its own accord several times slower. */
export function arrayLiteral(values: readonly (string | bigint | undefined)[]): string {
  return `{${values.map(element).join(",")}}`;
}

function element(value: string | bigint | undefined): string {
  if (typeof value !== "string") return value === undefined ? "null" : value.toString();
  return bare.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
}
