import type { OwnEntry } from "#features/payouts/payout-story-partner-view.ts";
import type { Ui } from "#http/request.ts";
import type { MessageKey, T } from "#platform/i18n/messages.ts";
import { Card } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

type Props = { t: T; ui: Ui; entries: readonly OwnEntry[]; ofShare: boolean };

/** What moved on the partner's own account behind a line, with the balance after each. */
export function Entries({ t, ui, entries, ofShare }: Props) {
  if (entries.length === 0) {
    return (
      <Card title={t("why.entries")}>
        <Empty icon="coin" title={t("why.noEntries")}>
          {t(ofShare ? "why.noEntriesText" : "why.noEntriesLine")}
        </Empty>
      </Card>
    );
  }
  const lead = t(ofShare ? "why.entriesLead" : "why.entriesLine", { institution: ui.institution.name });
  return (
    <Card title={t("why.entries")}>
      <p class="dim sm pad-x">{lead}</p>
      <Table caption={t("why.entries")} columns={columnsOf(t, ui)} rows={entries} />
    </Card>
  );
}

function columnsOf(t: T, ui: Ui): Column<OwnEntry>[] {
  return [
    { head: t("why.entry"), cell: ({ seq }) => <span class="num dim">{t.number(seq)}</span>, wideOnly: true },
    {
      head: t("why.what"),
      cell: (entry) => (
        <>
          {t(entryWords(entry))}
          <Under phoneOnly>{t.instant(entry.at, ui.institution.timeZone)}</Under>
        </>
      ),
    },
    {
      head: t("why.when"),
      cell: ({ at }) => <span class="num">{t.instant(at, ui.institution.timeZone)}</span>,
      wideOnly: true,
    },
    {
      head: t("why.amount"),
      cell: ({ amount }) => <Money value={amount} show="none" locale={t.locale} />,
      end: true,
    },
    {
      head: t("why.after"),
      cell: ({ after }) => <Money value={after} show="code" size="plain" locale={t.locale} />,
      end: true,
    },
  ];
}

function entryWords({ kind, amount }: OwnEntry): MessageKey {
  switch (kind) {
    case "invoice.credited":
      return "why.entry.credited";
    case "money.received":
    case "money.matched":
      return "why.entry.arrived";
    case "invoice.paid":
      return "why.entry.paid";
    default:
      if (kind === "payment.settled" && amount.minor > 0n) return "why.entry.earned";
      return amount.minor < 0n ? "why.entry.reversed" : "why.entry.other";
  }
}
