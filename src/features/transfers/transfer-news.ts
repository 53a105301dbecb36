import type { Happening } from "#features/audit/record.ts";
import type { Transfer } from "#features/transfers/transfer.ts";

/** What becomes of a transfer after it was confirmed. */
export type TransferEvent =
  | "transfer.approved"
  | "transfer.rejected"
  | "transfer.cancelled"
  | "transfer.sent"
  | "transfer.completed"
  | "transfer.failed"
  | "transfer.returned";

/** What the audit log keeps of it and others hear; the same facts as when it was confirmed (app.transfer_news). */
export function newsOfTransfer(
  event: TransferEvent,
  transfer: Transfer,
  more: { readonly reason?: string; readonly why?: string } = {},
): Happening {
  return {
    event,
    subject: transfer.id,
    data: {
      ref: transfer.ref,
      partnership: transfer.partnership,
      route: transfer.route,
      currency: transfer.amount.currency,
      amount: transfer.amount.minor,
      fee: transfer.fee.minor,
      wallet: transfer.wallet,
      toWallet: transfer.toWallet,
      toPartnership: transfer.toPartnership,
      bankAccount: transfer.bankAccount,
      ...(transfer.returnedTo && { returnedTo: transfer.returnedTo }),
      ...more,
    },
    outbox: true,
  };
}
