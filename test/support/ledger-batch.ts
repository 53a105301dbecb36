import type { InstitutionId } from "#access/principal.ts";
import type { Currency } from "#kernel/money.ts";
import { money } from "#kernel/money.ts";
import { type Batcher, type BatcherOptions, openBatcher } from "#ledger/batcher.ts";
import { type AccountRef, account, nameOf } from "#ledger/chart.ts";
import { tryPost } from "#ledger/post.ts";
import { type PostedTransfer, plainTransfers } from "#ledger/post-transfers.ts";
import { accountIds, type PlainTransfer } from "#ledger/transfer.ts";
import { inTx } from "#platform/tx.ts";
import type { LedgerTest } from "./ledger.ts";

export type TransferBatcher = Batcher<PlainTransfer, PostedTransfer>;

/** A batcher of plain transfers on connections of its own. */
export function batcherOf(
  test: LedgerTest,
  options: Partial<BatcherOptions<PlainTransfer, PostedTransfer>> = {},
): TransferBatcher {
  const { pools, clock, random } = test.ground;
  return openBatcher({ connect: () => pools.alone("worker"), work: plainTransfers(clock), random, ...options });
}

/** An institution whose wallets are funded from the provider's account, and a way to write transfers between them. */
export type Books = {
  readonly institution: InstitutionId;
  id(ref: AccountRef, currency?: Currency): bigint;
  transfer(about: string, debit: AccountRef, credit: AccountRef, minor: bigint, more?: Extra): PlainTransfer;
};
type Extra = { readonly fee?: bigint; readonly currency?: Currency; readonly kind?: string };

export const provider = account.provider("sandbox");

/** Opens books with these wallets (owner, currency, minor units on it). */
export async function openBooks(
  test: LedgerTest,
  wallets: readonly (readonly [owner: `wal_${string}`, currency: Currency, minor: bigint])[],
): Promise<Books> {
  const [institution = "inst_"] = await test.institutions(
    1,
    wallets.map(([owner, currency]) => [owner, currency]),
  );
  const refs = [
    ...wallets.map(([owner, currency]) => [account.wallet(owner), currency] as const),
    ...[...new Set(wallets.map(([, currency]) => currency))].map((currency) => [provider, currency] as const),
  ];
  const ids = await inTx(test.ground, { as: "system", institution, task: "test" }, async (cx) => {
    await tryPost(
      cx,
      wallets.map(([owner, currency, minor]) => ({
        key: `funding:${owner}`,
        kind: "funding",
        transfers: [{ debit: provider, credit: account.wallet(owner), amount: money(minor, currency) }],
      })),
    );
    return await accountIds(cx, refs);
  });
  const known = new Map(refs.map(([ref, currency], index) => [`${currency} ${nameOf(ref)}`, ids[index] ?? 0n]));
  const find = (ref: AccountRef, currency: Currency): bigint => {
    const here = known.get(`${currency} ${nameOf(ref)}`);
    const elsewhere = [...known].find(([name]) => name.endsWith(` ${nameOf(ref)}`));
    return here ?? elsewhere?.[1] ?? 9_000_000_000n;
  };
  return {
    institution,
    id: (ref, currency = "AUD") => find(ref, currency),
    transfer: (reference, debit, credit, minor, { fee = 0n, currency = "AUD", kind = "transfer" } = {}) => ({
      institution,
      reference,
      kind,
      debit,
      credit,
      debitId: find(debit, currency),
      creditId: find(credit, currency),
      amount: money(minor, currency),
      fee: money(fee, currency),
    }),
  };
}
