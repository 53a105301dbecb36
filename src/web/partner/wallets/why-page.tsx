import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import { flowKindOf } from "#features/wallets/flow-kinds.ts";
import type { Flow } from "#features/wallets/flows.ts";
import type { PartnerWallet, WalletEntry } from "#features/wallets/wallet-partner-view.ts";
import type { Ui } from "#http/request.ts";
import { money } from "#kernel/money.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { counterpartyWords } from "#web/wallets/flow-list.tsx";
import { walletHref, walletName, walletsHome } from "./words.ts";

export type FlowFacts = {
  readonly wallet: PartnerWallet;
  readonly flow: Flow;
  /** Of the wallet's own account, in the same matter. */
  readonly entries: readonly WalletEntry[];
};

type Around = { t: T; ui: Ui; partner: Partner; facts: FlowFacts };

/** How one amount of a wallet came about: what is behind it, and the entries on the wallet's own account. */
export function FlowWhyPage({ ui, partner, facts }: Omit<Around, "t">) {
  const t = translator(ui.locale);
  const { wallet, flow } = facts;
  const around = { t, ui, partner, facts };
  const home = `${walletHref(wallet)}/flows`;
  const kind = t(`flows.kind.${flow.kind}`);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("flow.title")}
      lead={t("flow.lead", { kind, amount: t.money(flow.change, "code") })}
      crumbs={[
        { href: walletsHome, label: t("wallets.title") },
        { href: walletHref(wallet), label: walletName(t, wallet) },
        { href: home, label: t("flows.title") },
      ]}
    >
      <div class="two">
        <div class="stack">
          <Behind {...around} />
          <Entries {...around} />
        </div>
        <div class="stack">
          <Card title={t("flow.amount")} pad>
            <Sum lines={sumLines(t, flow)} />
          </Card>
        </div>
      </div>
    </PartnerPage>
  );
}

function sumLines(t: T, { change, after }: Flow) {
  const before = money(after.minor - change.minor, after.currency);
  return [
    { label: t("flow.before"), value: <Money value={before} show="none" size="plain" locale={t.locale} /> },
    { label: t("flow.amount"), value: <Money value={change} show="none" size="plain" locale={t.locale} /> },
    { label: t("flows.after"), value: <Money value={after} show="code" locale={t.locale} />, total: true },
  ];
}

function story(t: T, institution: string, { kind, direction, ledgerKind }: Flow): string {
  switch (kind) {
    case "transfer":
      return t(direction === "in" ? "flow.story.transferIn" : "flow.story.transferOut");
    case "fee":
      return t("flow.story.fee", { institution });
    case "bank":
      return t("flow.story.bank");
    case "returned":
      return t(ledgerKind === "transfer.fee-returned" ? "flow.story.feeReturned" : "flow.story.returned");
    case "payout":
      return t("flow.story.payout", { institution });
    case "adjustment":
      return t(direction === "in" ? "flow.story.adjustmentIn" : "flow.story.adjustmentOut", { institution });
  }
}

function Behind({ t, ui, partner, facts: { flow } }: Around) {
  const { name: institution, timeZone } = ui.institution;
  const other = <bdi class="num">{counterpartyWords(t, flow, institution)}</bdi>;
  const own = t("flow.thisWallet");
  const number = flow.payoutNumber;
  // Members who are no contacts of the partner don't open its payouts.
  const opensPayouts = allows("partner.view", "partner", partner.role, partner.rights);
  return (
    <Card title={t("flow.behind")}>
      <p class="pad-x">{story(t, institution, flow)}</p>
      <Facts
        facts={[
          [t("flow.when"), <time datetime={flow.at.toString()}>{t.instant(flow.at, timeZone)}</time>],
          [t("flow.from"), flow.direction === "in" ? other : own],
          [t("flow.to"), flow.direction === "in" ? own : other],
          flow.note !== "" && [t(flow.kind === "adjustment" ? "flow.reason" : "flow.note"), <bdi>{flow.note}</bdi>],
          flow.transferRef !== undefined && [
            t("flow.transfer"),
            <a class="num" href={`/partner/transfers/${flow.transferRef}`}>
              {flow.transferRef}
            </a>,
          ],
          number !== undefined && [
            t("flow.payout"),
            opensPayouts ? (
              <>
                {t("flow.payoutText")}{" "}
                <a class="num" href={`/partner/payouts/${number}`}>
                  {payoutNumber(number)}
                </a>
              </>
            ) : (
              <span class="num">{payoutNumber(number)}</span>
            ),
          ],
        ]}
      />
    </Card>
  );
}

function Entries({ t, ui, facts: { entries } }: Around) {
  const { timeZone, name: institution } = ui.institution;
  const columns: Column<WalletEntry>[] = [
    { head: t("flow.entry"), cell: ({ seq }) => <span class="num dim">{t.number(seq)}</span>, wideOnly: true },
    {
      head: t("flows.what"),
      cell: (entry) => (
        <>
          {t(`flows.kind.${flowKindOf(entry.ledgerKind)}`)}
          <Under>
            <span class="num">{t.instant(entry.at, timeZone)}</span>
          </Under>
        </>
      ),
    },
    {
      head: t("flows.amount"),
      cell: ({ change, after }) => (
        <>
          <Money value={change} show="none" locale={t.locale} />
          <Under phoneOnly>{t("flow.thenBalance", { balance: t.money(after, "none") })}</Under>
        </>
      ),
      end: true,
    },
    {
      head: t("flows.after"),
      cell: ({ after }) => <Money value={after} show="code" size="plain" locale={t.locale} />,
      end: true,
      wideOnly: true,
    },
  ];
  return (
    <Card title={t("flow.entries")}>
      <p class="dim sm pad-x">{t("flow.entriesLead", { institution })}</p>
      <Table caption={t("flow.entries")} columns={columns} rows={entries} />
    </Card>
  );
}
