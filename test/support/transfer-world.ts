import { expect } from "vitest";
import { permit } from "#access/permit.ts";
import type { InstitutionId } from "#access/principal.ts";
import { proveBooks } from "#features/books/books.ts";
import type { TransferRoute } from "#features/tariffs/tariff.ts";
import { newTransferRef, type Transfer, type TransferId } from "#features/transfers/transfer.ts";
import { transferJournal } from "#features/transfers/transfer-postings.ts";
import { readTransfer } from "#features/transfers/transfer-store.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { walletBalance } from "#features/wallets/wallet-views.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { account } from "#ledger/chart.ts";
import { post } from "#ledger/post.ts";
import { wake } from "#platform/jobs.ts";
import type { TestHouse } from "./house.ts";
import { moneyWorld } from "./money.ts";
import { payoutWorld } from "./payout-world.ts";

export type TransferWorld = Awaited<ReturnType<typeof transferWorld>>;

type Asked = {
  /** Another one than the first partner's general wallet. */
  readonly from?: Wallet;
  readonly route?: TransferRoute;
  readonly minor?: bigint;
  readonly fee?: bigint;
  /** Whether it is above the limit; else it is on its way to the bank already. */
  readonly waits?: boolean;
};

/** Two partners with accounts, members and wallets in AUD, the first one's funded; hands for what is asked of it. */
export async function transferWorld(h: TestHouse) {
  const world = await payoutWorld(h);
  const { institution, partner } = world;
  const member = await h.member(institution, partner);
  const other = await moneyWorld(h, institution);
  await h.admin.query("update app.partnership set name = 'Kestrel Schools' where id = $1", [other.partner]);
  const receiver = await h.member(institution, other.partner);
  await h.admin.query(
    `insert into app.wallet_currency (institution_id, currency, approval_minor, set_by, updated_at)
     values ($1, 'AUD', 500000, 'test', $2) on conflict do nothing`,
    [institution, h.clock.now().toString()],
  );
  const open = (partnership: string) =>
    h.system(institution, (cx) =>
      openWallet(cx, permit(cx.principal, "wallets.write"), { partnership, currency: "AUD", purpose: "general" }),
    );
  const [from, to] = [await open(partner), await open(other.partner)];
  const fund = async (wallet: Wallet, minor: bigint) => {
    const id = newId("adj", h.clock.now(), h.random);
    await h.admin.query(
      `insert into app.wallet_adjustment (institution_id, id, wallet_id, partnership_id, currency, minor, reason, state,
         key, proposed_by, proposed_by_name, decided_by, created_at)
       values ($1, $2, $3, $4, 'AUD', $5, 'To begin with', 'approved', $2, 'one', 'One', 'two', $6)`,
      [institution, id, wallet.id, wallet.partnership, minor, h.clock.now().toString()],
    );
    await h.system(institution, (cx) =>
      post(cx, {
        key: `adjustment:${id}`,
        kind: "adjustment",
        reference: id,
        transfers: [{ debit: account.adjustments, credit: account.wallet(wallet.id), amount: money(minor, "AUD") }],
      }),
    );
  };
  await fund(from, 100_000_000n);
  const bank = () => bankOf(h, institution, partner);
  return {
    ...world,
    member,
    receiver,
    other: other.partner,
    from,
    to,
    fund,
    ask: async (asked: Asked = {}) =>
      await ask(h, institution, { from, to, ...asked, member: member.memberId, bank: await bank() }),
    read: (id: TransferId) => h.system(institution, async (cx) => (await readTransfer(cx, id)) as Transfer),
    /** What is in a wallet: available, held. */
    balance: async (wallet: Wallet = from) => {
      const found = await h.system(institution, (cx) => walletBalance(cx, wallet));
      return [found.available.minor, found.held.minor];
    },
    /** Lets time pass, with a look at transfers behind it. */
    wait: async (duration: Temporal.DurationLike) => {
      h.clock.advance(duration);
      await h.system(institution, (cx) => wake(cx, "transfers.send", {}));
      await h.drain();
    },
    /** Every law of the books: what is held, moved and charged is what the transfers say. */
    prove: async () => expect((await h.system(institution, proveBooks)).broken).toEqual([]),
  };
}

async function bankOf(h: TestHouse, institution: InstitutionId, partner: string): Promise<string | undefined> {
  const { rows } = await h.admin.query<{ id: string }>(
    "select id from app.bank_account where institution_id = $1 and partnership_id = $2 and state = 'active'",
    [institution, partner],
  );
  return rows[0]?.id;
}

type Ends = { readonly from: Wallet; readonly to: Wallet; readonly member: string; readonly bank: string | undefined };

/** A transfer as it stands after it was confirmed: its money set aside. */
async function ask(h: TestHouse, institution: InstitutionId, asked: Asked & Ends): Promise<TransferId> {
  const { from, to, route = "bank", minor = 100_000n, fee = 150n, waits = false } = asked;
  const id = newId("trf", h.clock.now(), h.random);
  const now = h.clock.now().toString();
  const isBank = route === "bank";
  await h.system(institution, async (cx) => {
    const amounts = { amount: money(minor, "AUD"), fee: money(fee, "AUD") };
    await post(cx, transferJournal({ id, wallet: from.id, toWallet: isBank ? undefined : to.id, ...amounts }, "held"));
  });
  await h.admin.query(
    `insert into app.transfer (institution_id, id, partnership_id, ref, key, digest, wallet_id, route, to_wallet_id,
       to_partnership_id, bank_account_id, to_number, to_name, currency, minor, fee_minor, reference, state,
       attempt_state, look_at, requested_by, requested_by_name, prepared_at, created_at, updated_at)
     values ($1, $2, $3, $4, $2, '\\x00', $5, $6, $7, $8, $9, $10, $11, 'AUD', $12, $13, 'Rent', $14, $15, $16, $17,
       'Rosa Weber', $18, $18, $18)`,
    [
      institution,
      id,
      from.partnership,
      newTransferRef(h.random),
      from.id,
      route,
      isBank ? null : to.id,
      isBank ? null : to.partnership,
      isBank ? asked.bank : null,
      isBank ? "4321" : to.number,
      isBank ? "Sample Bank" : "K•••••• S••••••",
      minor,
      fee,
      waits ? "pending_approval" : "processing",
      waits ? "" : "pending",
      waits ? "infinity" : now,
      asked.member,
      now,
    ],
  );
  return id;
}
