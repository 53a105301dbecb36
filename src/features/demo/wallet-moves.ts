import { sql } from "kysely";
import type { Partner } from "#access/principal.ts";
import { usableBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import { quoteFee } from "#features/tariffs/quote-fee.ts";
import { hold } from "#features/transfers/confirm-transfer.ts";
import { newTransferRef, type TransferId } from "#features/transfers/transfer.ts";
import { maskName, type Wallet } from "#features/wallets/wallet.ts";
import { assert } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import { atTime, type Story } from "./story.ts";

/** A transfer that a member makes: from a wallet to another or to the bank; `minor` in the currency of the first. */
export type Move = {
  readonly at: Instant;
  readonly by: Partner;
  readonly from: Wallet;
  readonly to: Wallet | "bank";
  readonly minor: bigint;
  readonly reference: string;
};

type Item = Parameters<typeof hold>[2];

/** Makes transfers that go at once, in their order; each at its own moment, all of them side by side. */
export async function moveNow(story: Story, moves: readonly Move[]): Promise<void> {
  const items = await Promise.all(moves.map((move) => prepare(story, move)));
  const answers = await Promise.all(items.map((item) => confirm(story, item)));
  for (const [index, status] of answers.entries()) {
    assert(status === "done", `"${moves[index]?.reference}" of the demo was confirmed: ${status}`);
  }
}

/** Makes one that waits for staff or goes to the bank: its money is set aside. */
export async function moveLater(story: Story, move: Move): Promise<TransferId> {
  const item = await prepare(story, move);
  const { status } = await hold(atTime(story, move.at), move.by, item);
  assert(status === "done", `"${move.reference}" of the demo was set aside: ${status}`);
  return item.id;
}

/** Quotes it two minutes before it is confirmed. */
async function prepare(story: Story, { at, by, from, to, minor, reference }: Move): Promise<Item> {
  const cx = atTime(story, at.subtract({ seconds: 107 }));
  const amount = money(minor, from.currency);
  const route = to === "bank" ? "bank" : "wallet";
  const { fee, tariff } = await quoteFee(cx, { purpose: from.purpose, route, amount });
  const end = await endOf(cx, from, to);
  const quote = newId("quo", cx.now, cx.random);
  await sql`insert into app.transfer_quote (institution_id, id, partnership_id, wallet_id, member_id, route,
      to_wallet_id, bank_account_id, to_number, to_name, currency, minor, fee_minor, tariff_id, reference, created_at,
      expires_at)
    values (${cx.institution.id}, ${quote}, ${by.partnership}, ${from.id}, ${by.member ?? null}, ${route},
      ${end.wallet}, ${end.account}, ${end.number}, ${end.name}, ${from.currency}, ${minor}, ${fee.minor},
      ${tariff ?? null}, ${reference}, ${cx.now}, ${cx.now.add({ minutes: 10 })})`.execute(cx.db);
  return {
    institution: cx.institution.id,
    partnership: by.partnership,
    member: by.member as Item["member"],
    memberName: by.name,
    key: newId("jrn", at, cx.random),
    quote,
    id: newId("trf", at, cx.random),
    ref: newTransferRef(cx.random),
    at,
    ip: "",
  };
}

async function endOf(cx: Story["cx"], from: Wallet, to: Move["to"]) {
  if (to !== "bank") {
    const name = to.partnership === from.partnership ? to.holder : maskName(to.holder);
    return { wallet: to.id, account: null, number: to.number, name };
  }
  const usable = await usableBankAccount(cx, from.partnership, from.currency);
  assert(usable.ok, "a partner of the demo has bank details that count");
  const { id, last4, bankName } = usable.account;
  return { wallet: null, account: id, number: last4, name: bankName };
}

async function confirm(story: Story, item: Item): Promise<string | undefined> {
  const { rows } = await sql<{ status: string }>`select status from app.confirm_transfers(array[${item.institution}],
    array[${item.partnership}], array[${item.member}], array[${item.memberName}], array[${item.key}],
    array[${item.quote}], array[${item.id}], array[${item.ref}], array[${item.at}]::timestamptz[],
    array[${item.ip}])`.execute(story.cx.db);
  return rows[0]?.status;
}
