import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Id } from "#kernel/ids.ts";
import type { Currency, Money } from "#kernel/money.ts";
import { type Random, randomBelow } from "#kernel/random.ts";
import type { Instant } from "#kernel/time.ts";

export type WalletId = Id<"wal">;

/** What a wallet is for. A partner has one per currency and purpose; tariffs may differ between them. */
export const walletPurposes = ["general", "commission", "deposits", "reserve"] as const;
export type WalletPurpose = (typeof walletPurposes)[number];

/** Frozen: it receives and does not send. Closed: it does neither, for ever. */
export const walletStates = ["active", "frozen", "closed"] as const;
export type WalletState = (typeof walletStates)[number];

/** The purposes as staff read them; the partner's pages have words of their own in `wallet.purpose.<purpose>`. */
export const purposeWords: Readonly<Record<WalletPurpose, string>> = {
  general: "General",
  commission: "Commission",
  deposits: "Deposits",
  reserve: "Reserve",
};

/** A wallet of a partner. Its balance is the ledger account `wallet:<id>`. */
export type Wallet = {
  readonly id: WalletId;
  readonly partnership: PartnershipId;
  /** The name of the partnership. Others see it masked only: `holderName`. */
  readonly holder: string;
  /** Twelve digits, the last of which checks the others. Random: it tells nothing of other wallets. */
  readonly number: string;
  readonly currency: Currency;
  readonly purpose: WalletPurpose;
  readonly state: WalletState;
  /** Why it is in this state, in words that its partner reads. */
  readonly stateWhy: string;
  readonly takesPayouts: boolean;
  readonly openedAt: Instant;
  readonly stateAt: Instant | undefined;
};

/** What is in a wallet: pending is on its way or waits for approval, out of available and still in the total. */
export type WalletBalance = { readonly available: Money; readonly pending: Money; readonly total: Money };

/** `4821 0937 5516`: how people write a wallet's number. */
export function formatWalletNumber(number: string): string {
  return number.replace(/^(\d{4})(\d{4})(\d{4})$/, "$1 $2 $3");
}

/** A number as somebody typed or pasted it, as it is kept; undefined when it can't be one. */
export function parseWalletNumber(typed: string): string | undefined {
  const digits = typed.replace(/[\s\u00a0\u202f\u2060-]/g, "");
  return isWalletNumber(digits) ? digits : undefined;
}

/** Twelve digits whose last one fits (Luhn): so a slip of the finger finds no other wallet. */
export function isWalletNumber(text: string): boolean {
  return /^[1-9]\d{11}$/.test(text) && checkDigit(text.slice(0, -1)) === text.at(-1);
}

/** A new number. The caller asks the table whether it is free. */
export function newWalletNumber(random: Random): string {
  const digit = (from: number) => String(from + randomBelow(random, 10 - from));
  const body = digit(1) + Array.from({ length: 10 }, () => digit(0)).join("");
  return body + checkDigit(body);
}

function checkDigit(body: string): string {
  let sum = 0;
  for (const [index, digit] of [...body].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return String((10 - (sum % 10)) % 10);
}

const letters = new Intl.Segmenter("en", { granularity: "grapheme" });

/** `P•••••• P•••••••`: enough to see whether a number was typed right, too little to learn a name by trying numbers. */
export function maskName(name: string): string {
  return name
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => Array.from(letters.segment(word), ({ segment }, at) => (at === 0 ? segment : "•")).join(""))
    .join(" ");
}
