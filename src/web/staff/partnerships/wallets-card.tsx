import { permit } from "#access/permit.ts";
import { formatWalletNumber, purposeWords } from "#features/wallets/wallet.ts";
import { listWallets } from "#features/wallets/wallet-list.ts";
import { accountsOpen } from "#features/wallets/wallet-views.ts";
import { can, t } from "#web/staff/shared.tsx";
import { balanceColumns } from "#web/staff/wallets/list-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Status } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import type { PartnershipCard } from "./partnership-card.ts";

/** The partner's wallets with what is in them, and the way to another one. */
export const walletsCard: PartnershipCard = async ({ cx, partnership }) => {
  const may = permit(cx.principal, "wallets.read");
  const [{ rows, behind }, accounts] = await Promise.all([
    listWallets(cx, may, { partner: partnership.id }, { size: 10 }),
    accountsOpen(cx),
  ]);
  const open = can(cx.principal, "wallets.write") && accounts.has(partnership.id) && (
    <LinkButton small icon="plus" href={`/staff/wallets/new?partner=${partnership.id}`}>
      Open a wallet
    </LinkButton>
  );
  return (
    <Card title="Wallets" end={open}>
      {rows.length === 0 ? (
        <p class="pad dim">
          {accounts.has(partnership.id)
            ? "None yet. Money in a wallet is the partner's own: its members see it and send it."
            : "Wallets need a partner account: make it above first."}
        </p>
      ) : (
        <Table
          caption="Wallets of the partner"
          rows={rows}
          columns={[
            {
              head: "Wallet",
              cell: ({ wallet }) => (
                <>
                  <a class="strong num nowrap" href={`/staff/wallets/${wallet.id}`}>
                    {formatWalletNumber(wallet.number)}
                  </a>
                  <Under>{`${purposeWords[wallet.purpose]}${wallet.takesPayouts ? ", takes payouts" : ""}`}</Under>
                </>
              ),
            },
            { head: "Status", cell: ({ wallet }) => <Status of="wallet" state={wallet.state} t={t} /> },
            ...balanceColumns,
          ]}
        />
      )}
      {behind && (
        <p class="pad">
          <a href={`/staff/wallets?partner=${partnership.id}`}>All wallets of the partner</a>
        </p>
      )}
    </Card>
  );
};
