import type { AuditEntry } from "#features/audit/audit-views.ts";
import { failureWords, holdWords } from "#features/payouts/payout.ts";
import { exponentOf, isCurrency, money, parseMoney } from "#kernel/money.ts";
import { formatMoney } from "#platform/i18n/formats.ts";
import type { IconName } from "#web/ui/icon.tsx";

type Look = { readonly words: string; readonly icon: IconName };

/** What happened, in words; an event that is not here reads as its own name. */
const looks: Readonly<Record<string, Look>> = {
  "account.provisioned": { words: "Partner account provisioned", icon: "building" },
  "attempt.failed": { words: "A try to pay failed", icon: "x" },
  "attempt.started": { words: "A try to pay was started", icon: "credit-card" },
  "checkout.paid-from-credit": { words: "Paid out of credit", icon: "coin" },
  "bank-details.approved": { words: "Bank details approved", icon: "check" },
  "bank-details.proposed": { words: "New bank details entered", icon: "building-bank" },
  "bank-details.rejected": { words: "Bank details rejected", icon: "x" },
  "bank-details.withdrawn": { words: "Change of bank details taken back", icon: "arrow-back-up" },
  "checkout.opened": { words: "What to pay was chosen", icon: "checklist" },
  "contact.created": { words: "Contact added", icon: "user-plus" },
  "contact.added": { words: "Contact added, with access", icon: "user-plus" },
  "contact.changed": { words: "Contact changed", icon: "pencil" },
  "contact.removed": { words: "Contact removed, access ended", icon: "trash" },
  "contact.edited": { words: "Contact changed", icon: "pencil" },
  "customer.created": { words: "Customer added", icon: "user-plus" },
  "customer.edited": { words: "Customer changed", icon: "pencil" },
  "import.failed": { words: "Import could not go on", icon: "x" },
  "import.finished": { words: "Import finished", icon: "check" },
  "import.forgotten": { words: "Uploaded file deleted, it was never imported", icon: "trash" },
  "import.started": { words: "Import started", icon: "table-import" },
  "import.uploaded": { words: "File uploaded", icon: "upload" },
  "institution.created": { words: "Institution created", icon: "building" },
  "institution.edited": { words: "Institution changed", icon: "pencil" },
  "institution.went-live": { words: "Institution went live", icon: "check" },
  "invoice.disputed": { words: "Self-billed invoice disputed", icon: "alert-circle" },
  "credit-note.issued": { words: "Credit note issued", icon: "receipt" },
  "invoice.credited": { words: "Credit note taken off the invoice", icon: "arrow-back-up" },
  "invoice.draft-changed": { words: "Draft invoice changed", icon: "pencil" },
  "invoice.draft-dropped": { words: "Draft invoice deleted", icon: "trash" },
  "invoice.drafted": { words: "Draft invoice written", icon: "pencil" },
  "invoice.issued": { words: "Invoice issued", icon: "receipt" },
  "invoice.paid": { words: "Invoice paid in full", icon: "check" },
  "invoice.partly-paid": { words: "Invoice paid in part", icon: "coin" },
  "invoice.voided": { words: "Invoice made void", icon: "ban" },
  "member.invited": { words: "Invited to the partner account", icon: "mail" },
  "member.invitation-declined": { words: "Invitation to the partner account declined", icon: "x" },
  "member.invitation-resent": { words: "Invitation to the partner account sent again", icon: "mail" },
  "member.invitation-withdrawn": { words: "Invitation to the partner account withdrawn", icon: "ban" },
  "member.joined": { words: "Joined the partner account", icon: "user-plus" },
  "member.readmitted": { words: "Member of the partner account let in again", icon: "check" },
  "member.removed": { words: "Member of the partner account removed, access ended", icon: "trash" },
  "member.role-changed": { words: "Role of a member of the partner account changed", icon: "pencil" },
  "member.suspended": { words: "Member of the partner account suspended, access ended", icon: "player-pause" },
  "partner.credited": { words: "Money owed to the partner, for its next payout", icon: "coin" },
  "money.matched": { words: "Money matched with its payer", icon: "link" },
  "money.received": { words: "Money arrived", icon: "coin" },
  "money.unmatched": { words: "Money arrived without a known reference", icon: "inbox" },
  "partnership.created": { words: "Partner added", icon: "building" },
  "partnership.edited": { words: "Partner changed", icon: "pencil" },
  "partnership.netting-answered": { words: "Partner answered about setting off", icon: "discount" },
  "partnership.tax-status-set": { words: "Tax status of the partner set", icon: "percentage" },
  "password.changed": { words: "Password changed", icon: "key" },
  "password.reset": { words: "Password set anew", icon: "key" },
  "payer.added": { words: "Payer added", icon: "user-plus" },
  "payment.cancelled": { words: "Payment cancelled", icon: "ban" },
  "payment.created": { words: "Payment created", icon: "plus" },
  "payment.edited": { words: "Payment changed", icon: "pencil" },
  "payment.paid": { words: "Paid in full", icon: "check" },
  "payment.partly-paid": { words: "Part paid", icon: "circle-half-2" },
  "payment.part-freed": { words: "Part payment turned into credit", icon: "arrow-back-up" },
  "payment.refund-requested": { words: "Refund requested", icon: "arrow-back-up" },
  "payment.refunded": { words: "Refunded", icon: "arrow-back-up" },
  "payout.approval-ended": { words: "Approval taken back, others approve again", icon: "arrow-back-up" },
  "payout.approved": { words: "Payout approved", icon: "check" },
  "payout.attempt-begun": { words: "Payout given to the bank", icon: "send" },
  "payout.carried-over": { words: "Carried over to the next payout day", icon: "calendar-event" },
  "payout.closed": { words: "Cut-off reached", icon: "clock" },
  "payout.failed": { words: "Payout failed", icon: "x" },
  "payout.held": { words: "Payout put on hold", icon: "player-pause" },
  "payout.hold-ended": { words: "Hold ended, its reason is gone", icon: "check" },
  "payout.paid": { words: "Payout paid", icon: "check" },
  "payout.released": { words: "Payout released", icon: "check" },
  "payout.returned": { words: "Payout returned by the bank", icon: "arrow-back-up" },
  "payout.second-approved": { words: "Payout approved by the second person", icon: "check" },
  "payout.sent": { words: "Payout sent", icon: "send" },
  "payout.sent-again": { words: "Payout sent again", icon: "refresh" },
  "payouts.limit-changed": { words: "Payout limits changed", icon: "adjustments" },
  "payouts.partner-paused": { words: "Payouts of a partner paused", icon: "player-pause" },
  "payouts.partner-resumed": { words: "Payouts of a partner resumed", icon: "check" },
  "payouts.settings-changed": { words: "Payout settings changed", icon: "adjustments" },
  "plan.created": { words: "Payment plan created", icon: "calendar-event" },
  "receipt.issued": { words: "Receipt issued", icon: "receipt" },
  "recovery-code.used": { words: "Recovery code used", icon: "key" },
  "recovery-codes.replaced": { words: "Recovery codes replaced", icon: "key" },
  "refund.failed": { words: "A refund failed", icon: "x" },
  "self-billing.agreement-accepted": { words: "Self-billing agreement accepted", icon: "check" },
  "self-billing.agreement-expired": { words: "Self-billing agreement expired", icon: "hourglass" },
  "self-billing.agreement-proposed": { words: "Self-billing agreement proposed", icon: "file-invoice" },
  "self-billing.agreement-revoked": { words: "Self-billing agreement ended", icon: "ban" },
  "self-billing.dispute-answered": { words: "Dispute answered", icon: "check" },
  "self-billing.issued": { words: "Self-billed invoice issued", icon: "file-invoice" },
  "session.ended": { words: "Session ended", icon: "logout" },
  "session.others-ended": { words: "All other sessions ended", icon: "logout" },
  "sign-in.completed": { words: "Signed in", icon: "user" },
  "sign-in.ended": { words: "Signed out", icon: "logout" },
  "sign-in.locked": { words: "Sign-in locked for a while", icon: "lock" },
  "sign-in.refused": { words: "Sign-in refused", icon: "x" },
  "sign-in.requested": { words: "Sign-in link requested", icon: "mail" },
  "sign-in.switched": { words: "Went on as somebody else with the same address", icon: "users" },
  "staff.created": { words: "Member of staff added", icon: "user-plus" },
  "step-up.refused": { words: "Wrong code to confirm who they are", icon: "x" },
  "step-up.completed": { words: "Confirmed who they are", icon: "shield-check" },
  "tariff.ended": { words: "Last day of the tariff set", icon: "hourglass" },
  "tariff.set": { words: "Tariff set", icon: "percentage" },
  "tariff.withdrawn": { words: "Tariff withdrawn", icon: "ban" },
  "transfer.approved": { words: "Transfer approved", icon: "check" },
  "transfer.cancelled": { words: "Transfer cancelled by its partner", icon: "ban" },
  "transfer.completed": { words: "Transfer completed", icon: "check" },
  "transfer.confirmed": { words: "Transfer confirmed", icon: "send" },
  "transfer.failed": { words: "Transfer failed", icon: "x" },
  "transfer.rejected": { words: "Transfer rejected", icon: "x" },
  "transfer.returned": { words: "Transfer returned by the bank", icon: "arrow-back-up" },
  "transfer.sent": { words: "Transfer sent to the bank", icon: "send" },
  "transfer.waiting": { words: "Transfer asked for, waits for approval", icon: "clock" },
  "two-step.locked": { words: "Two-step locked for a while", icon: "lock" },
  "two-step.refused": { words: "Wrong two-step code", icon: "x" },
  "two-step.replaced": { words: "Two-step replaced", icon: "shield-lock" },
  "two-step.turned-on": { words: "Two-step turned on", icon: "shield-lock" },
  "wallet.adjusted": { words: "Adjustment approved, money moved", icon: "adjustments" },
  "wallet.adjustment-proposed": { words: "Adjustment proposed", icon: "adjustments" },
  "wallet.adjustment-rejected": { words: "Adjustment rejected", icon: "x" },
  "wallet.adjustment-withdrawn": { words: "Adjustment taken back", icon: "arrow-back-up" },
  "wallet.closed": { words: "Wallet closed", icon: "lock" },
  "wallet.frozen": { words: "Wallet frozen", icon: "snowflake" },
  "wallet.opened": { words: "Wallet opened", icon: "wallet" },
  "wallet.payouts-switched": { words: "Turned payouts to the wallet, or back to the bank", icon: "send" },
  "wallet.unfrozen": { words: "Wallet unfrozen", icon: "check" },
  "wallets.currency-set": { words: "Currency of wallets changed", icon: "coin" },
};

/** An event in words, and the icon it goes by. */
export function eventLook(event: string): Look {
  const words = event.replaceAll(/[.-]/g, " ");
  return looks[event] ?? { words: words.charAt(0).toUpperCase() + words.slice(1), icon: "circle" };
}

const fieldWords: Readonly<Record<string, string>> = {
  externalId: "reference",
  givenName: "given name",
  familyName: "family name",
  email: "e-mail",
  timeZone: "time zone",
  partnershipId: "partner",
  due: "due date",
  part: "part payments",
  legalName: "legal name",
  taxId: "tax number",
  taxRegistered: "registered for tax",
  commissionBps: "commission",
  defaultShare: "share of new payments",
  payoutSchedule: "payouts",
  netting: "set off against payouts",
  validFrom: "from",
  commissionTax: "tax on commission",
};

/** Facts of an entry in one line: what changed and from what to what, or the few that tell it from others. */
export function eventDetail({ data }: AuditEntry): string {
  const { changes } = data;
  if (changes !== null && typeof changes === "object") {
    return Object.entries(changes as Record<string, { from?: unknown; to?: unknown }>)
      .map(([field, { from, to }]) => `${fieldWords[field] ?? field}: ${show(from)} → ${show(to)}`)
      .join("; ");
  }
  const facts = ["name", "item", "amount", "method", "number", "reason", "as", "email", "file"] as const;
  const told = facts.flatMap((fact) => {
    if (fact === "amount") return amountWords(data);
    if (fact === "reason" && isPlain(data.reason)) return [reasonWords(String(data.reason))];
    return isPlain(data[fact]) ? [String(data[fact])] : [];
  });
  return [...told, ...(data.imported === true ? ["by an import"] : [])].join(", ");
}

/** A reason as it was typed; or in words, where it is a key of the lists that payouts have. */
function reasonWords(reason: string): string {
  const lists: Readonly<Record<string, { readonly is: string }>> = { ...failureWords, ...holdWords };
  return (Object.hasOwn(lists, reason) ? lists[reason]?.is : undefined) ?? reason;
}

/**
 * An amount with its currency. Use cases write it as a decimal; what comes from the ledger's side is in minor
 * units.
 */
function amountWords({ amount, currency }: AuditEntry["data"]): string[] {
  if (!isPlain(amount) || typeof currency !== "string" || !isCurrency(currency)) return [];
  const text = String(amount);
  const minor = /^\d{1,15}$/.test(text) && exponentOf(currency) > 0;
  const read = minor ? money(BigInt(text), currency) : parseMoney(text, currency);
  return "problem" in read ? [] : [formatMoney(read, "en", "code")];
}

function isPlain(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}

function show(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** Who did it, for people. */
export function actorWords({ actorKind, actorName, actingAs }: AuditEntry): string {
  const name = actorName === "" ? (actorKind === "visitor" ? "A visitor" : "Portico") : actorName;
  return actingAs === "" ? name : `${name}, as ${actingAs}`;
}
