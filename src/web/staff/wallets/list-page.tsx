import type { Staff } from "#access/principal.ts";
import { formatWalletNumber, purposeWords, walletPurposes, walletStates } from "#features/wallets/wallet.ts";
import type { ListedWallet, WalletFilter } from "#features/wallets/wallet-list.ts";
import type { Ui } from "#http/request.ts";
import type { Page } from "#kernel/paging.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterSelect, Filters } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Status, statusWord } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

export const home = "/staff/wallets";

type Props = { ui: Ui; staff: Staff; found: Page<ListedWallet>; filter: WalletFilter };

/** Every wallet of every partner, those opened last first. */
export function WalletListPage({ ui, staff, found, filter }: Props) {
  const query = { ...filter };
  const filtered = Object.values(query).some((value) => value !== undefined);
  const first = found.rows[0]?.wallet.id;
  const last = found.rows.at(-1)?.wallet.id;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Wallets"
      lead="Money that you keep for partners. Only they move it, by transfers; you open, freeze, adjust and close."
      end={<Buttons staff={staff} query={query} />}
    >
      <Card label="Wallets">
        <Narrow ui={ui} filter={filter} clear={filtered ? home : undefined} />
        {found.rows.length === 0 ? (
          <NoWallets filtered={filtered} staff={staff} />
        ) : (
          <Table caption="Wallets, those opened last first" columns={columns} rows={found.rows} />
        )}
        {(found.inFront || found.behind) && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.inFront ? withQuery(home, { ...query, after: first }) : undefined}
            older={found.behind ? withQuery(home, { ...query, before: last }) : undefined}
          />
        )}
      </Card>
    </StaffPage>
  );
}

/** The columns that say what is in a wallet, wherever wallets stand in rows. */
export const balanceColumns: readonly Column<ListedWallet>[] = [
  {
    head: "Available",
    end: true,
    cell: ({ available }) => <Money value={available} show="code" />,
  },
  {
    head: "Pending",
    end: true,
    wideOnly: true,
    cell: ({ pending }) => (
      <span class="dim">{pending.minor === 0n ? "–" : <Money value={pending} show="none" size="plain" />}</span>
    ),
  },
  { head: "Total", end: true, wideOnly: true, cell: ({ total }) => <Money value={total} show="none" size="plain" /> },
];

const columns: readonly Column<ListedWallet>[] = [
  {
    head: "Wallet",
    cell: ({ wallet }) => (
      <>
        <a class="strong num nowrap" href={`${home}/${wallet.id}`}>
          {formatWalletNumber(wallet.number)}
        </a>
        <Under>
          <bdi>{wallet.holder}</bdi>
        </Under>
      </>
    ),
  },
  { head: "For", cell: ({ wallet }) => purposeWords[wallet.purpose], wideOnly: true },
  { head: "Status", cell: ({ wallet }) => <Status of="wallet" state={wallet.state} t={t} /> },
  {
    head: "Payouts",
    cell: ({ wallet }) => (wallet.takesPayouts ? "Come here" : <span class="dim">–</span>),
    wideOnly: true,
  },
  ...balanceColumns,
];

function Narrow({ ui, filter, clear }: { ui: Ui; filter: WalletFilter; clear: string | undefined }) {
  return (
    <Filters
      t={t}
      action={home}
      search={{ value: filter.q, placeholder: "Partner or wallet number" }}
      keep={{ partner: filter.partner }}
      clear={clear}
    >
      <FilterSelect
        name="currency"
        label="Currency"
        value={filter.currency}
        all="All currencies"
        options={ui.institution.currencies.map((value) => ({ value, label: value }))}
      />
      <FilterSelect
        name="purpose"
        label="For"
        value={filter.purpose}
        all="Any purpose"
        options={walletPurposes.map((value) => ({ value, label: purposeWords[value] }))}
      />
      <FilterSelect
        name="state"
        label="Status"
        value={filter.state}
        all="Any status"
        options={walletStates.map((value) => ({ value, label: statusWord(t, "wallet", value) }))}
      />
    </Filters>
  );
}

function Buttons({ staff, query }: { staff: Staff; query: WalletFilter }) {
  return (
    <>
      {can(staff, "wallets.write") && (
        <LinkButton kind="primary" href={`${home}/new`} icon="plus">
          Open a wallet
        </LinkButton>
      )}
      {can(staff, "wallets.export") && (
        <LinkButton icon="download" href={withQuery(`${home}.csv`, { ...query })} download>
          Export CSV
        </LinkButton>
      )}
      <LinkButton icon="checklist" href={`${home}/adjustments`}>
        Adjustments
      </LinkButton>
      <LinkButton icon="settings" href={`${home}/currencies`}>
        Currencies
      </LinkButton>
    </>
  );
}

function NoWallets({ filtered, staff }: { filtered: boolean; staff: Staff }) {
  if (filtered) {
    return (
      <Empty icon="filter" title="No wallet fits">
        Try another name, number or status, or clear the filters.
      </Empty>
    );
  }
  return (
    <Empty
      icon="wallet"
      title="There are no wallets yet"
      action={can(staff, "wallets.write") && <LinkButton href={`${home}/currencies`}>Enable a currency</LinkButton>}
    >
      A partner with a partner account can have a wallet for each currency and purpose. Enable a currency first.
    </Empty>
  );
}
