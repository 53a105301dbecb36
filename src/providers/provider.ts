import type { InstitutionId } from "#access/principal.ts";
import type { Currency, Money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";

/** A charge as we ask for it. `key` derives from our attempt's id: asking twice makes one charge. */
export type ChargeRequest = {
  readonly institution: InstitutionId;
  readonly key: string;
  readonly kind: "card" | "bank_transfer";
  readonly amount: Money;
  /** What the payer writes on a bank transfer, and what a statement shows. */
  readonly reference: string;
  readonly description: string;
  /** Where the provider's hosted page sends the payer back to. It settles nothing. */
  readonly returnUrl: string;
  readonly locale: string;
};

/** Where a charge stands, by the provider's own word. */
export type ChargeState =
  /** The payer has something to do: on the hosted page, or with the bank details shown. */
  | {
      readonly state: "requires_action";
      readonly actionUrl: string | undefined;
      readonly instructions: BankInstructions | undefined;
    }
  | { readonly state: "processing" }
  | { readonly state: "succeeded"; readonly methodLabel: string; readonly receivedAt: Instant }
  | { readonly state: "failed"; readonly reason: DeclineReason };

export type Charge = ChargeState & { readonly ref: string; readonly amount: Money; readonly reference: string };

/** To where, and with which words, the payer sends a bank transfer. */
export type BankInstructions = {
  readonly accountName: string;
  readonly bank: string;
  readonly accountNumber: string;
  readonly reference: string;
};

/** Why money did not move, in one list for all providers; pages have the words. */
export const declineReasons = [
  "declined",
  "insufficient_funds",
  "expired_card",
  "authentication_failed",
  "cancelled_by_payer",
  "expired",
  "could_not_process",
] as const;
export type DeclineReason = (typeof declineReasons)[number];

/** Money that landed on the institution's account at the provider by bank transfer, with or without a reference. */
export type Credit = {
  readonly ref: string;
  readonly amount: Money;
  readonly reference: string;
  readonly payerName: string;
  readonly receivedOn: PlainDate;
};

export type RefundRequest = {
  readonly institution: InstitutionId;
  readonly key: string;
  readonly chargeRef: string;
  readonly amount: Money;
};
export type ProviderRefund = {
  readonly ref: string;
  readonly state: "pending" | "succeeded" | "failed";
  readonly reason?: string;
};

/** Why a payout did not arrive, or came back: one list for all providers (domain.md rule 11); pages have the words. */
export const payoutFailures = [
  "account_closed",
  "account_frozen",
  "incorrect_account_number",
  "incorrect_holder_name",
  "bank_ownership_changed",
  "declined",
  "insufficient_funds",
  "invalid_currency",
  "could_not_process",
] as const;
export type PayoutFailure = (typeof payoutFailures)[number];

/** The bank account that a payout goes to. `numbers` are what its country asks for, by name: bsb, account, iban … */
export type PayoutDestination = {
  readonly holderName: string;
  readonly bankName: string;
  readonly country: string;
  readonly numbers: Readonly<Record<string, string>>;
};

/** Money to send to a bank account. `key` derives from our attempt's id: asking twice sends once. */
export type PayoutRequest = {
  readonly institution: InstitutionId;
  readonly key: string;
  readonly amount: Money;
  readonly to: PayoutDestination;
  /** What the receiver reads on the statement of its bank. */
  readonly reference: string;
};

/** Where a payout stands, by the provider's own word. Money that succeeded may still be returned days later. */
export type ProviderPayout = { readonly ref: string; readonly amount: Money } & (
  | { readonly state: "processing" | "succeeded" }
  | { readonly state: "failed" | "returned"; readonly reason: PayoutFailure }
);

/** A signed word of the provider. It says what to look at; the state itself is fetched again before money moves. */
export type ProviderEvent = {
  readonly id: string;
  readonly type: "charge.changed" | "credit.received" | "refund.changed" | "payout.changed" | "unknown";
  /** The provider's reference of the charge, credit, refund or payout. */
  readonly ref: string;
};

/**
 * The far side of the network. Calls may time out, answer late or never: an unknown outcome is looked up under the
 * same key, never tried blindly again. Implementations throw `provider.unavailable` when the outcome is unknown.
 */
export type Provider = {
  readonly name: string;
  readonly currencies: readonly Currency[] | "all";
  startCharge(request: ChargeRequest): Promise<Charge>;
  /**
   * By the provider's reference, or by our key when the answer to `startCharge` never came; undefined: never heard of
   * it.
   */
  lookUpCharge(institution: InstitutionId, by: { ref: string } | { key: string }): Promise<Charge | undefined>;
  /** Gives up a charge that waits for the payer; answers where it stands then: it may have succeeded just before. */
  cancelCharge(institution: InstitutionId, ref: string): Promise<Charge>;
  lookUpCredit(institution: InstitutionId, ref: string): Promise<Credit | undefined>;
  /** Bank transfers that landed since then, oldest first: what no event ever told of is found this way. */
  listCredits(institution: InstitutionId, since: Instant): Promise<readonly Credit[]>;
  refund(request: RefundRequest): Promise<ProviderRefund>;
  lookUpRefund(institution: InstitutionId, by: { ref: string } | { key: string }): Promise<ProviderRefund | undefined>;
  /** Takes a payout on, or refuses it at once (`failed`): then no money moved. */
  startPayout(request: PayoutRequest): Promise<ProviderPayout>;
  lookUpPayout(institution: InstitutionId, by: { ref: string } | { key: string }): Promise<ProviderPayout | undefined>;
  /**
   * Checks the signature over the raw body and its age (300 s). Throws `signature.invalid`; never looks at the
   * database.
   */
  readEvent(
    institution: InstitutionId,
    body: Uint8Array,
    header: (name: string) => string | undefined,
    now: Instant,
  ): ProviderEvent;
};

/** The providers that this installation knows, by name. */
export type Providers = ReadonlyMap<string, Provider>;
