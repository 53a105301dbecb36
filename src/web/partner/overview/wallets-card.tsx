import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { PartnerWallet } from "#features/wallets/wallet-partner-view.ts";
import type { Ui } from "#http/request.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { Actions, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

const shown = 6;

/** What is in the wallets of the account, for whom that is open to. */
export function WalletsCard({ ui, partner, wallets }: { ui: Ui; partner: Partner; wallets: readonly PartnerWallet[] }) {
  const t = translator(ui.locale);
  const open = wallets.filter(({ state }) => state !== "closed");
  if (open.length === 0) {
    return (
      <Card title={t("wallets.title")}>
        <Empty icon="wallet" title={t("wallets.empty")}>
          {t("members.home.noWallets", { institution: ui.institution.name })}
        </Empty>
      </Card>
    );
  }
  const maySend = allows("partner.transfer", "partner", partner.role, partner.rights);
  return (
    <Card title={t("wallets.title")} end={<a href="/partner/wallets">{t("members.home.allWallets")}</a>}>
      <Table caption={t("wallets.title")} rows={open.slice(0, shown)} columns={columns(t)} />
      {maySend && open.some(({ state }) => state === "active") && (
        <div class="pad">
          <Actions>
            <LinkButton icon="send" href="/partner/transfers/new">
              {t("wallet.transfer")}
            </LinkButton>
          </Actions>
        </div>
      )}
    </Card>
  );
}

function columns(t: T): readonly Column<PartnerWallet>[] {
  const money = (amount: PartnerWallet["total"]) => <Money value={amount} show="code" locale={t.locale} />;
  return [
    {
      head: t("members.home.wallet"),
      cell: (wallet) => (
        <>
          <a href={`/partner/wallets/${wallet.number}`}>
            {t("wallet.title", { purpose: t(`wallet.purpose.${wallet.purpose}`) })}
          </a>
          <Under>
            <bdi class="num">{formatWalletNumber(wallet.number)}</bdi>
          </Under>
        </>
      ),
    },
    { head: t("wallet.status"), cell: ({ state }) => <Status of="wallet" state={state} t={t} />, wideOnly: true },
    { head: t("wallets.pending"), cell: ({ pending }) => money(pending), end: true, wideOnly: true },
    { head: t("wallets.available"), cell: ({ available }) => money(available), end: true },
  ];
}
