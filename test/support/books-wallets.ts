import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Payout } from "#features/payouts/payout.ts";
import { savePayout, selectFacts } from "#features/payouts/payout-store.ts";
import { beginPayouts } from "#features/payouts/send-payouts.ts";
import type { TransferId } from "#features/transfers/transfer.ts";
import { transferJournal } from "#features/transfers/transfer-postings.ts";
import { approveAdjustment, proposeAdjustment } from "#features/wallets/adjust-wallet.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import { switchPayouts } from "#features/wallets/set-wallet-state.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { saveWalletCurrency } from "#features/wallets/wallet-currencies.ts";
import { present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { post } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";

const aud = (minor: bigint) => money(minor, "AUD");

/** Two wallets of a partner, one of which takes its payouts, with an adjustment and transfers of every kind. */
export async function walletsOf(cx: Cx, partnership: PartnershipId): Promise<void> {
  const may = permit(cx.principal, "wallets.write");
  const workspace = newId("wsp", cx.now, cx.random);
  await sql`insert into app.workspace (institution_id, id, partnership_id, name, provisioned_by, created_at)
    values (app.institution_id(), ${workspace}, ${partnership}, 'Agent', 'test', ${cx.now})`.execute(cx.db);
  await sql`update app.institution set currencies = array['AUD'] where id = app.institution_id()`.execute(cx.db);
  const institution = { ...cx.institution, currencies: ["AUD" as const] };
  await saveWalletCurrency({ ...cx, institution }, may, { currency: "AUD", enabled: true, approvalAbove: undefined });
  const general = await openWallet(cx, may, { partnership, currency: "AUD", purpose: "general" });
  const reserve = await openWallet(cx, may, { partnership, currency: "AUD", purpose: "reserve" });
  await adjust(cx, general, aud(50_000n));
  await switchPayouts(cx, may, general.id, true);
  await payInto(cx, partnership);
  await transfersOf(cx, general, reserve);
}

/** One person proposes it, another one approves. */
async function adjust(cx: Cx, wallet: Wallet, amount: ReturnType<typeof aud>): Promise<void> {
  const key = newId("adj", cx.now, cx.random);
  const proposal = { wallet: wallet.id, amount, reason: "To begin with", key };
  const { id } = await proposeAdjustment(cx, permit(cx.principal, "wallets.adjust"), proposal);
  const other = { kind: "system", institution: cx.institution.id, task: "somebody else" } as const;
  await approveAdjustment({ ...cx, principal: other }, permit(other, "wallets.adjust"), id);
}

/** What the partner earned since its last payout goes into the wallet. */
async function payInto(cx: Cx, partnership: PartnershipId): Promise<void> {
  await sql`insert into app.contact (institution_id, id, partnership_id, name, email, rights, created_at, updated_at)
    values (app.institution_id(), ${newId("con", cx.now, cx.random)}, ${partnership}, 'Ahmed', 'a@agent.example',
      array['view'], ${cx.now}, ${cx.now})`.execute(cx.db);
  const [facts] = await selectFacts(cx, sql`o.state = 'scheduled'`);
  const payout: Payout = present(facts, "the payout that shares were gathered into").payout;
  await savePayout(cx, { id: payout.id, state: "processing", approvedBy: "settings" });
  await beginPayouts(cx, "sandbox", 10);
}

/** One that is over, one that waits, one that was held and then rejected. */
async function transfersOf(cx: Cx, from: Wallet, to: Wallet): Promise<void> {
  const member = newId("mbr", cx.now, cx.random);
  await sql`insert into app.member (institution_id, id, partnership_id, name, email, role, created_at, updated_at)
    values (app.institution_id(), ${member}, ${from.partnership}, 'Rosa', 'rosa@agent.example', 'OWNER', ${cx.now},
      ${cx.now})`.execute(cx.db);
  const ends = { "held completed": "completed", held: "pending_approval", "held released": "failed" } as const;
  for (const [steps, state] of Object.entries(ends)) {
    const id: TransferId = newId("trf", cx.now, cx.random);
    const transfer = { id, wallet: from.id, toWallet: to.id, amount: aud(1_000n), fee: aud(50n) };
    for (const step of steps.split(" ")) {
      await post(cx, transferJournal(transfer, step as "held" | "completed" | "released"));
    }
    await sql`insert into app.transfer (institution_id, id, partnership_id, ref, key, digest, wallet_id, route,
        to_wallet_id, to_partnership_id, currency, minor, fee_minor, state, requested_by, requested_by_name,
        prepared_at, created_at, updated_at)
      values (app.institution_id(), ${id}, ${from.partnership}, ${id.slice(-12)}, ${id}, '\\x00', ${from.id}, 'wallet',
        ${to.id}, ${to.partnership}, 'AUD', 1000, 50, ${state}, ${member}, 'Rosa', ${cx.now}, ${cx.now},
        ${cx.now})`.execute(cx.db);
  }
}
