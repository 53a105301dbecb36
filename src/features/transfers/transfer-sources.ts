import type { Partner } from "#access/principal.ts";
import { type BankAccount, type Usable, usableOf } from "#features/bank-accounts/bank-account.ts";
import { openAccountsOf } from "#features/bank-accounts/bank-account-views.ts";
import type { OwnWallet, Quote } from "#features/transfers/quote.ts";
import { approvalLimit, type StartState, startsBy } from "#features/transfers/start-transfer.ts";
import { walletBalance, walletsOf } from "#features/wallets/wallet-views.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Ground } from "#platform/tx.ts";
import { inTx } from "#platform/tx.ts";

/** What a transfer can come from, and which bank accounts it can go to. */
export type Sources = {
  readonly wallets: readonly (OwnWallet & { readonly available: Money })[];
  /** For each currency of a wallet that is open. */
  readonly banks: readonly (readonly [Currency, Usable])[];
};

/** The wallets of the partner that are open, with what is in them. Closed ones are left out. */
export async function transferSources(ground: Ground, by: Partner): Promise<Sources> {
  const opening = { as: "system", institution: by.institution, task: "transfers.prepare" } as const;
  return await inTx(ground, opening, async (cx) => {
    const own = (await walletsOf(cx, by.partnership)).filter((one) => one.state !== "closed");
    const [accounts, balances] = await Promise.all([
      openAccountsOf(cx, by.partnership),
      Promise.all(own.map((wallet) => walletBalance(cx, wallet))),
    ]);
    const wallets = own.map(({ id, number, currency, purpose, state }, at) => {
      const available = balances[at]?.available ?? money(0n, currency);
      return { id, number, currency, purpose, state, available };
    });
    const currencies = [...new Set(own.map((one) => one.currency))];
    const of = (currency: Currency): readonly BankAccount[] => accounts.filter((one) => one.currency === currency);
    return { wallets, banks: currencies.map((currency) => [currency, usableOf(of(currency), cx.now)] as const) };
  });
}

/** What a quote comes to now: what is there before it, how it would begin, and why. */
export type Prospect = {
  readonly available: Money;
  readonly starts: StartState;
  /** Above it a transfer of this currency waits for staff; undefined: none does. */
  readonly limit: Money | undefined;
};

/** Looks ahead: what confirming this quote of the partner would do now. */
export async function prospectOf(ground: Ground, by: Partner, quote: Quote): Promise<Prospect> {
  const opening = { as: "system", institution: by.institution, task: "transfers.prepare" } as const;
  const { currency } = quote.amount;
  return await inTx(ground, opening, async (cx) => {
    const [{ available }, limit] = await Promise.all([
      walletBalance(cx, { id: quote.wallet, currency }),
      approvalLimit(cx, currency),
    ]);
    return { available, limit, starts: startsBy(quote.route, quote.amount, limit) };
  });
}
