import { newWalletNumber } from "#features/wallets/wallet.ts";
import { newId } from "#kernel/ids.ts";
import { randomBelow } from "#kernel/random.ts";
import type { TestHouse } from "./house.ts";

export type WalletIds = ReturnType<typeof walletIds>;
type Run = (text: string, values: unknown[]) => Promise<unknown>;

/** Ids of a partner account, its wallets, a tariff, and transfers. Numbers and refs differ between worlds. */
export function walletIds(h: TestHouse) {
  const id = <P extends Parameters<typeof newId>[0]>(noun: P) => newId(noun, h.clock.now(), h.random);
  const digits = () => String(100_000_000_000 + randomBelow(h.random, 800_000_000_000));
  return {
    workspace: id("wsp"),
    member: id("mbr"),
    invitation: id("ivt"),
    wallet: id("wal"),
    walletNumber: newWalletNumber(h.random),
    reserve: id("wal"),
    reserveNumber: newWalletNumber(h.random),
    adjustment: id("adj"),
    tariff: id("tar"),
    quote: id("quo"),
    transfer: id("trf"),
    transferRef: `TR${digits()}`,
    bankTransfer: id("trf"),
    bankTransferRef: `TR${digits()}`,
  };
}

/**
 * A partner account with a member and an invitation, two wallets with nothing in them, an adjustment that waits, a
 * tariff, a quote, a transfer that waits for approval and one to the bank that failed.
 */
export async function writeWallets(
  run: Run,
  ids: WalletIds & { readonly partnership: string; readonly account: string },
  { mark, host }: { readonly mark: string; readonly host: string },
  now: string,
): Promise<void> {
  await writeMembers(run, ids, { mark, host }, now);
  await run(
    `insert into app.wallet_currency (institution_id, currency, approval_minor, set_by, updated_at)
     values ($1, 'AUD', 500000, 'sample', $2) on conflict do nothing`,
    [now],
  );
  for (const [id, number, purpose] of [
    [ids.wallet, ids.walletNumber, "general"],
    [ids.reserve, ids.reserveNumber, "reserve"],
  ] as const) {
    await run(
      `insert into app.wallet (institution_id, id, partnership_id, number, currency, purpose, opened_by, opened_at,
        updated_at) values ($1, $2, $3, $4, 'AUD', $5, 'sample', $6, $6)`,
      [id, ids.partnership, number, purpose, now],
    );
    await run(
      `insert into ledger.account (institution_id, currency, kind, owner, min_balance, opened_at, last_at)
       values ($1, 'AUD', 'wallet', $2, 0, $3, $3)`,
      [id, now],
    );
  }
  await run(
    `insert into app.wallet_adjustment (institution_id, id, wallet_id, partnership_id, currency, minor, reason, key,
      proposed_by, proposed_by_name, created_at) values ($1, $2, $3, $4, 'AUD', 1000, $5, $2, 'sample', 'Sample', $6)`,
    [ids.adjustment, ids.wallet, ids.partnership, `${mark} correction`, now],
  );
  await writeTransfers(run, ids, { mark }, now);
}

async function writeMembers(
  run: Run,
  ids: WalletIds & { readonly partnership: string },
  { mark, host }: { readonly mark: string; readonly host: string },
  now: string,
): Promise<void> {
  await run(
    `insert into app.workspace (institution_id, id, partnership_id, name, provisioned_by, created_at)
     values ($1, $2, $3, $4, 'sample', $5)`,
    [ids.workspace, ids.partnership, `${mark} account`, now],
  );
  await run(
    `insert into app.member (institution_id, id, partnership_id, name, email, role, created_at, updated_at)
     values ($1, $2, $3, $4, $5, 'OWNER', $6, $6)`,
    [ids.member, ids.partnership, `Rosa ${mark}`, `rosa@${host}`, now],
  );
  await run(
    `insert into app.invitation (institution_id, id, partnership_id, name, email, role, token_hash, invited_by_kind,
      invited_by, invited_by_name, sent_at, expires_at, created_at)
     values ($1, $2, $3, $4, $5, 'VIEWER', sha256($6), 'staff', 'sample', 'Sample', $7,
       $7::timestamptz + interval '7 days', $7)`,
    [ids.invitation, ids.partnership, `Ivo ${mark}`, `ivo@${host}`, Buffer.from(ids.invitation), now],
  );
}

async function writeTransfers(
  run: Run,
  ids: WalletIds & { readonly partnership: string; readonly account: string },
  { mark }: { readonly mark: string },
  now: string,
): Promise<void> {
  await run(
    `insert into app.tariff (institution_id, id, purpose, currency, route, from_date, set_by, set_by_name, created_at)
     values ($1, $2, '', 'AUD', 'wallet', '2026-01-01', 'sample', 'Sample', $3)`,
    [ids.tariff, now],
  );
  await run(
    `insert into app.tariff_tier (institution_id, tariff_id, from_minor, fixed_minor, rate_bps)
     values ($1, $2, 0, 50, 0)`,
    [ids.tariff],
  );
  await run(
    `insert into app.transfer_quote (institution_id, id, partnership_id, wallet_id, member_id, route, to_wallet_id,
      currency, minor, fee_minor, tariff_id, reference, created_at, expires_at)
     values ($1, $2, $3, $4, $5, 'wallet', $6, 'AUD', 1000, 50, $7, $8, $9, $9::timestamptz + interval '10 minutes')`,
    [ids.quote, ids.partnership, ids.wallet, ids.member, ids.reserve, ids.tariff, `${mark} rent`, now],
  );
  for (const [id, ref, bank] of [
    [ids.transfer, ids.transferRef, null],
    [ids.bankTransfer, ids.bankTransferRef, ids.account],
  ] as const) {
    await run(
      `insert into app.transfer (institution_id, id, partnership_id, ref, key, digest, wallet_id, route, to_wallet_id,
        to_partnership_id, bank_account_id, currency, minor, fee_minor, reference, state, failure_reason,
        requested_by, requested_by_name, prepared_at, created_at, updated_at)
       values ($1, $2, $3, $4, $2, '\\x00', $5, $6, $7, $8, $9, 'AUD', 1000, 50, $10, $11, $12, $13, $14,
         $15, $15, $15)`,
      [
        id,
        ids.partnership,
        ref,
        ids.wallet,
        bank ? "bank" : "wallet",
        bank ? null : ids.reserve,
        bank ? null : ids.partnership,
        bank,
        `${mark} rent`,
        bank ? "failed" : "pending_approval",
        bank ? "account_closed" : "",
        ids.member,
        `Rosa ${mark}`,
        now,
      ],
    );
  }
}

/** What stands for the parameters of paths that lead to them. */
export function walletParams(
  ids: WalletIds & { readonly partnership: string },
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return {
    "/partner/wallets": { number: ids.walletNumber, seq: "1" },
    "/partner/transfers": { ref: ids.transferRef, quote: ids.quote },
    "/partner/invitations": { token: "A".repeat(43) },
    "/staff/wallets": { id: ids.wallet, adjustment: ids.adjustment, seq: "1", currency: "AUD" },
    "/staff/transfers": { id: ids.transfer },
    "/staff/tariffs": { id: ids.tariff },
    "/staff/members": { id: ids.partnership, member: ids.member, invitation: ids.invitation },
  };
}
