import type { Permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import { usableBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import { takeTry, uncountTry, walletNumberLimits } from "#features/security/limits.ts";
import { quoteFee } from "#features/tariffs/quote-fee.ts";
import type { TransferRoute } from "#features/tariffs/tariff.ts";
import { insertQuote, type NewQuote } from "#features/transfers/quote-store.ts";
import { readAmount } from "#features/transfers/read-amount.ts";
import type { QuoteId } from "#features/transfers/transfer.ts";
import { parseWalletNumber, type Wallet } from "#features/wallets/wallet.ts";
import { holderName, readWalletByNumber, walletBalance, walletsOf } from "#features/wallets/wallet-views.ts";
import { present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { largestMinor, type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { cleanLine } from "#kernel/text.ts";
import type { T } from "#platform/i18n/messages.ts";
import { type Cx, type Ground, inTx } from "#platform/tx.ts";

/** What was typed of a transfer. `wallet` and `to` are numbers of wallets; `to` counts for the way to a wallet. */
export type TransferText = {
  readonly [K in "wallet" | "route" | "to" | "amount" | "reference"]?: string | undefined;
};

const longestReference = 140;

/**
 * Prepares a transfer for the member who asks: quotes its fee, which then holds for ten minutes. It moves nothing and
 * sets nothing aside. Throws `form.invalid` with what is wrong beside each field, in the reader's language, and
 * `rate.limited` for who goes on trying numbers that no wallet has.
 */
export async function prepareTransfer(
  ground: Ground,
  by: Partner,
  _may: Permit<"partner.transfer">,
  text: TransferText,
  t: T,
): Promise<QuoteId> {
  const opening = { as: "system", institution: by.institution, task: "transfers.prepare" } as const;
  const done = await inTx(ground, opening, async (cx) => {
    try {
      const quote = await new Preparation(cx, by, t).read(text);
      await insertQuote(cx, quote);
      return quote.id;
    } catch (error) {
      // Committed, so that numbers that were tried stay counted; else nothing is written yet.
      if (error instanceof Problem && error.code === "form.invalid") return error;
      throw error;
    }
  });
  if (done instanceof Problem) throw done;
  return done;
}

type Destination = Pick<NewQuote, "toWallet" | "bankAccount" | "toNumber" | "toName">;

/** Reads a form field by field and gathers what is wrong with it. */
class Preparation {
  readonly #cx: Cx;
  readonly #by: Partner;
  readonly #t: T;
  readonly #wrong: Record<string, string> = {};

  constructor(cx: Cx, by: Partner, t: T) {
    this.#cx = cx;
    this.#by = by;
    this.#t = t;
  }

  get #member() {
    return present(this.#by.member, "the member who may transfer");
  }

  async read(text: TransferText): Promise<NewQuote> {
    const { partnership } = this.#by;
    const wallet = await this.#from(text.wallet ?? "");
    const route = text.route === "bank" || text.route === "wallet" ? text.route : undefined;
    if (!route) this.#wrong.route = this.#t("transfer.wrong.route");
    const to = wallet && route && (route === "bank" ? await this.#bank(wallet) : await this.#wallet(text.to, wallet));
    const amount = this.#amount(text.amount ?? "", wallet);
    const reference = this.#reference(text.reference ?? "");
    if (!wallet || !route || !to || !amount || reference === undefined) throw this.#problem();
    const charged = await this.#charged(wallet, route, amount);
    const id = newId("quo", this.#cx.now, this.#cx.random);
    return { id, partnership, member: this.#member, wallet: wallet.id, route, ...to, amount, ...charged, reference };
  }

  async #from(number: string): Promise<Wallet | undefined> {
    const own = await walletsOf(this.#cx, this.#by.partnership);
    const wallet = own.find((one) => one.number === parseWalletNumber(number));
    const { name: institution } = this.#cx.institution;
    if (!wallet) this.#wrong.wallet = this.#t("transfer.wrong.wallet");
    else if (wallet.state === "frozen") this.#wrong.wallet = this.#t("transfer.wrong.frozen", { institution });
    else if (wallet.state === "closed") this.#wrong.wallet = this.#t("transfer.wrong.closed");
    else return wallet;
    return undefined;
  }

  async #wallet(typed: string | undefined, from: Wallet): Promise<Destination | undefined> {
    if ((typed ?? "").trim() === "") return this.#refuse("to", this.#t("transfer.wrong.noNumber"));
    const number = parseWalletNumber(typed ?? "");
    const to = number === undefined ? undefined : await this.#walletOf(number);
    if (!to) return this.#refuse("to", this.#t("transfer.wrong.number"));
    if (to.id === from.id) return this.#refuse("to", this.#t("transfer.wrong.same"));
    if (to.state === "closed") return this.#refuse("to", this.#t("transfer.wrong.toClosed"));
    if (to.currency !== from.currency) {
      return this.#refuse("to", this.#t("transfer.wrong.currency", { currency: to.currency, own: from.currency }));
    }
    const toName = to.partnership === from.partnership ? to.holder : holderName(to);
    return { toWallet: to.id, bankAccount: undefined, toNumber: to.number, toName };
  }

  /** The wallet of this number. Numbers of no wallet are counted, before anybody is told which they are. */
  async #walletOf(number: string): Promise<Wallet | undefined> {
    const limits = walletNumberLimits(this.#member);
    try {
      await takeTry(this.#cx, limits);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "rate.limited") throw error;
      const { retryAfterSeconds = 0 } = error;
      const words = this.#t("transfer.wrong.tries");
      throw new Problem("rate.limited", words, { cause: error, fields: { to: words }, retryAfterSeconds });
    }
    const found = await readWalletByNumber(this.#cx, number);
    if (found) await uncountTry(this.#cx, limits);
    return found;
  }

  async #bank({ currency }: Wallet): Promise<Destination | undefined> {
    const found = await usableBankAccount(this.#cx, this.#by.partnership, currency);
    if (found.ok) {
      const { id, last4, bankName } = found.account;
      return { toWallet: undefined, bankAccount: id, toNumber: last4, toName: bankName };
    }
    const { name: institution, timeZone } = this.#cx.institution;
    switch (found.why) {
      case "no_bank_details":
        return this.#refuse("route", this.#t("transfer.wrong.noBank", { currency }));
      case "bank_details_in_review":
        return this.#refuse("route", this.#t("transfer.wrong.bankInReview", { currency, institution }));
      case "cooling_off": {
        const date = this.#t.instant(found.until, timeZone);
        return this.#refuse("route", this.#t("transfer.wrong.bankCooling", { currency, date }));
      }
    }
  }

  #amount(typed: string, wallet: Wallet | undefined): Money | undefined {
    // Without its wallet nobody knows its currency; what is no number in any is said at once.
    const amount = readAmount(this.#t, typed, wallet?.currency);
    if (typeof amount === "string") return this.#refuse("amount", amount);
    return amount;
  }

  #reference(typed: string): string | undefined {
    // Measured before it is cleaned, so that a huge text costs no work, and behind it: some characters become three.
    const line = typed.trim().length <= longestReference ? cleanLine(typed) : undefined;
    if (line !== undefined && line.length <= longestReference) return line;
    return this.#refuse("reference", this.#t("transfer.wrong.reference", { most: longestReference }));
  }

  async #charged(wallet: Wallet, route: TransferRoute, amount: Money) {
    const { fee, tariff } = await quoteFee(this.#cx, { purpose: wallet.purpose, route, amount });
    const total = amount.minor + fee.minor;
    const { available } = await walletBalance(this.#cx, wallet);
    const words = { available: this.#t.money(available, "code"), fee: this.#t.money(fee, "code") };
    if (total > largestMinor) {
      this.#refuse("amount", this.#t("transfer.wrong.large"));
    } else if (total > available.minor) {
      const sum = this.#t.money(money(total, amount.currency), "code");
      const key = fee.minor > 0n ? "transfer.wrong.fundsFee" : "transfer.wrong.funds";
      this.#refuse("amount", this.#t(key, { ...words, total: sum }));
    }
    if (Object.keys(this.#wrong).length > 0) throw this.#problem();
    return { fee, tariff };
  }

  #refuse(field: string, words: string): undefined {
    this.#wrong[field] = words;
    return undefined;
  }

  #problem(): Problem {
    return new Problem("form.invalid", this.#t("transfer.wrong.form"), { fields: this.#wrong });
  }
}
