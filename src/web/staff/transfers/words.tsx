import { type Transfer, transferFailureWords } from "#features/transfers/transfer.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { t } from "#web/staff/shared.tsx";
import { Status } from "#web/ui/status.tsx";
import { Under } from "#web/ui/table.tsx";

export const home = "/staff/transfers";

/** States as filters and files name them. */
export const statusNames = {
  pending_approval: "Needs approval",
  processing: "On its way",
  completed: "Completed",
  failed: "Failed",
  returned: "Returned by the bank",
  cancelled: "Cancelled",
} as const;

/** Why it failed or came back; undefined where it did neither. */
export function reasonOf({ failureReason, failureNote }: Transfer): string | undefined {
  if (failureReason === "") return undefined;
  return failureNote === ""
    ? transferFailureWords[failureReason]
    : `${transferFailureWords[failureReason]}: ${failureNote}`;
}

/** The state as a chip; `why` puts the reason under it. */
export function TransferStatus({ transfer, why = false }: { transfer: Transfer; why?: boolean }) {
  const { failureReason } = transfer;
  const reason = why && failureReason !== "" ? transferFailureWords[failureReason] : undefined;
  const returned = transfer.returnedAt !== undefined;
  return (
    <>
      <Status of="transfer" state={transfer.state} t={t} {...(returned && { words: "Returned" })} />
      {reason !== undefined && <Under>{reason}</Under>}
    </>
  );
}

/** A wallet's number, kept in one piece. */
export function WalletNumber({ of }: { of: string }) {
  return <bdi class="num nowrap">{formatWalletNumber(of)}</bdi>;
}
