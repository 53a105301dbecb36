import type { Adjustment, AdjustmentState } from "#features/wallets/adjustment.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { t } from "#web/staff/shared.tsx";
import { Money } from "#web/ui/money.tsx";
import { Chip } from "#web/ui/status.tsx";
import { type Column, Under } from "#web/ui/table.tsx";
import { home } from "./list-page.tsx";

const looks = {
  proposed: { words: "Waits for approval", icon: "clock", tone: "warn" },
  approved: { words: "Approved", icon: "check", tone: "ok" },
  rejected: { words: "Rejected", icon: "x", tone: "bad" },
  withdrawn: { words: "Taken back", icon: "arrow-back-up", tone: "mute" },
} as const satisfies Record<AdjustmentState, unknown>;

export function AdjustmentStatus({ state }: { state: AdjustmentState }) {
  return <Chip {...looks[state]} />;
}

/** Rows of adjustments; each leads to its page, where it is decided. */
export function adjustmentColumns(scope: "of one wallet" | "of all"): readonly Column<Adjustment>[] {
  const ofAll: Column<Adjustment> = {
    head: "Wallet",
    cell: (one) => (
      <>
        <a class="strong num nowrap" href={`${home}/${one.wallet}`}>
          {formatWalletNumber(one.walletNumber)}
        </a>
        <Under>
          <bdi>{one.partnershipName}</bdi>
        </Under>
      </>
    ),
    wideOnly: true,
  };
  return [
    {
      head: "Adjustment",
      cell: (one) => (
        <>
          <a class="strong" href={`${home}/adjustments/${one.id}`}>
            <bdi>{one.reason}</bdi>
          </a>
          <Under>
            <bdi>{one.proposedByName}</bdi>
          </Under>
          {scope === "of all" && (
            <Under phoneOnly>
              <bdi>{one.partnershipName}</bdi>, <bdi class="num nowrap">{formatWalletNumber(one.walletNumber)}</bdi>
            </Under>
          )}
          <Under phoneOnly>
            <AdjustmentStatus state={one.state} />
          </Under>
        </>
      ),
    },
    ...(scope === "of all" ? [ofAll] : []),
    { head: "Status", cell: (one) => <AdjustmentStatus state={one.state} />, wideOnly: true },
    { head: "Amount", end: true, cell: (one) => <Money value={one.amount} show="code" /> },
  ];
}

/** `Put AUD 100.00 into the wallet`, `Take AUD 100.00 out of the wallet`. */
export function adjustmentTitle({ amount }: Pick<Adjustment, "amount">): string {
  const size = t.money({ ...amount, minor: amount.minor < 0n ? -amount.minor : amount.minor }, "code");
  return amount.minor < 0n ? `Take ${size} out of the wallet` : `Put ${size} into the wallet`;
}
