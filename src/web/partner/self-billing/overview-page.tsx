import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { agreementVersion } from "#features/self-billing/self-billing.ts";
import type {
  OwnAgreement,
  OwnSelfBilled,
  SelfBilledFilter,
} from "#features/self-billing/self-billing-partner-view.ts";
import type { Ui } from "#http/request.ts";
import type { Page } from "#kernel/paging.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterDate, FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Form, type Problems } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Chip } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { selfBillingHome as home, SelfBilledChip, selfBilledNumber } from "./parts.tsx";

type Props = {
  ui: Ui;
  partner: Partner;
  agreement: OwnAgreement | undefined;
  found: Page<OwnSelfBilled>;
  filter: SelfBilledFilter;
  problems?: Problems;
};

/** The filter as an address says it. */
export function selfBillingQuery(filter: SelfBilledFilter): Record<string, string | undefined> {
  const { show, q, from, to, currency } = filter;
  return { show, q, from: from?.toString(), to: to?.toString(), currency };
}

/** The agreement, and every invoice that was issued under it. */
export function SelfBillingPage(props: Props) {
  const { ui, partner, agreement, problems } = props;
  const t = translator(ui.locale);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("billing.title")}
      lead={t("billing.lead", { institution: ui.institution.name })}
      done={{ accepted: "billing.done.accepted" }}
      problems={problems}
    >
      <AgreementCard t={t} ui={ui} partner={partner} agreement={agreement} />
      <ListCard {...props} t={t} />
    </PartnerPage>
  );
}

type AgreementProps = { t: T; ui: Ui; partner: Partner; agreement: OwnAgreement | undefined };

function AgreementCard({ t, ui, partner, agreement }: AgreementProps) {
  if (!agreement) {
    return (
      <Card label={t("billing.agreement")}>
        <Empty icon="file-invoice" title={t("billing.none")}>
          {t("billing.noneText", { institution: ui.institution.name })}
        </Empty>
      </Card>
    );
  }
  const { state, body } = agreement;
  const tone = ({ proposed: "warn", accepted: "ok", expired: "mute", revoked: "mute" } as const)[state];
  const icon = ({ proposed: "clock", accepted: "check", expired: "hourglass", revoked: "ban" } as const)[state];
  const words = <AgreementBody t={t} body={body} />;
  return (
    <Card
      title={t("billing.agreement")}
      end={<Chip tone={tone} icon={icon} words={t(`billing.${state}`)} />}
      pad
      id="agreement"
    >
      {stateWords(t, ui, agreement).map((line) => (
        <p>{line}</p>
      ))}
      {state === "proposed" ? (
        <>
          {words}
          <AcceptForm t={t} ui={ui} partner={partner} agreement={agreement} />
        </>
      ) : (
        <details>
          <summary>{t("billing.body")}</summary>
          {words}
        </details>
      )}
    </Card>
  );
}

/** The words are those of a law: they stand as they are, in their own language. */
function AgreementBody({ t, body }: { t: T; body: string }) {
  return (
    <section class="pad" aria-label={t("billing.body")} lang="en" dir="ltr">
      {body.split("\n").map((line) => (
        <p>{line}</p>
      ))}
    </section>
  );
}

function stateWords(t: T, ui: Ui, agreement: OwnAgreement): string[] {
  const { timeZone } = ui.institution;
  const { state, months, acceptedAt, validUntil, endedAt } = agreement;
  if (state === "proposed") {
    const holds = months === undefined ? t("billing.untilEnded") : t("billing.months", { count: months });
    return [t("billing.proposedText", { date: t.instant(agreement.proposedAt, timeZone, "medium") }), holds];
  }
  const date = acceptedAt ? t.instant(acceptedAt, timeZone, "long") : "";
  const accepted = t("billing.acceptedText", { name: agreement.acceptedName, date });
  if (state === "accepted") {
    return [accepted, validUntil ? t("billing.until", { date: t.date(validUntil) }) : t("billing.untilEnded")];
  }
  const ended = endedAt ? t("billing.endedText", { date: t.instant(endedAt, timeZone, "medium") }) : "";
  return [...(acceptedAt ? [accepted] : []), ended];
}

function AcceptForm({ t, ui, partner, agreement }: AgreementProps & { agreement: OwnAgreement }) {
  if (!allows("partner.pay", "partner", partner.role, partner.rights)) {
    return <p class="dim">{t("billing.noRight", { institution: ui.institution.name })}</p>;
  }
  return (
    <Form action={`${home}/accept`} hidden={{ version: agreementVersion(agreement) }}>
      <p>{t("billing.fromNow")}</p>
      <p class="dim">{t("billing.acceptText", { partner: partner.partnershipName })}</p>
      <Actions>
        <Button kind="primary" icon="check">
          {t("billing.accept")}
        </Button>
      </Actions>
    </Form>
  );
}

function ListCard({ t, ui, found, filter }: Props & { t: T }) {
  const query = selfBillingQuery(filter);
  const { show, ...rest } = query;
  const filtered = Object.values(rest).some((value) => value !== undefined);
  const place = (name: "before" | "after", row: OwnSelfBilled | undefined) =>
    withQuery(home, { ...query, [name]: row?.number.toString() });
  const tab = (label: string, value: SelfBilledFilter["show"]) => ({
    label,
    href: withQuery(home, { ...query, show: value }),
    current: filter.show === value,
  });
  return (
    <Card label={t("billing.documents")}>
      <Tabs
        label={t("billing.which")}
        tabs={[
          tab(t("list.all"), undefined),
          tab(t("billing.disputed"), "disputed"),
          tab(t("billing.credited"), "credited"),
        ]}
      />
      <Filters
        t={t}
        action={home}
        search={{ value: filter.q, placeholder: t("billing.search") }}
        keep={{ show }}
        clear={filtered ? withQuery(home, { show }) : undefined}
        end={
          <LinkButton small icon="download" href={withQuery(`${home}/export.csv`, query)} download>
            {t("list.downloadCsv")}
          </LinkButton>
        }
      >
        <FilterDate name="from" label={t("list.from")} value={query.from} />
        <FilterDate name="to" label={t("list.to")} value={query.to} />
        {ui.institution.currencies.length > 1 && (
          <FilterSelect
            name="currency"
            label={t("list.currency")}
            value={filter.currency}
            all={t("billing.allCurrencies")}
            options={ui.institution.currencies.map((value) => ({ value, label: value }))}
          />
        )}
      </Filters>
      {found.rows.length === 0 ? (
        <NoRows t={t} filtered={filtered || show !== undefined} />
      ) : (
        <Table caption={t("billing.caption")} columns={columnsOf(t)} rows={found.rows} />
      )}
      {(found.inFront || found.behind) && (
        <Pager
          t={t}
          shown={found.rows.length}
          newer={found.inFront ? place("after", found.rows[0]) : undefined}
          older={found.behind ? place("before", found.rows.at(-1)) : undefined}
        />
      )}
    </Card>
  );
}

function NoRows({ t, filtered }: { t: T; filtered: boolean }) {
  return filtered ? (
    <Empty icon="filter" title={t("billing.noFit")}>
      {t("billing.noFitText")}
    </Empty>
  ) : (
    <Empty icon="file-invoice" title={t("billing.empty")}>
      {t("billing.emptyText")}
    </Empty>
  );
}

function columnsOf(t: T): readonly Column<OwnSelfBilled>[] {
  return [
    {
      head: t("billing.number"),
      cell: (row) => (
        <>
          <a class="num" href={`${home}/${row.number}`}>
            {selfBilledNumber(row)}
          </a>
          <Under phoneOnly>
            <bdi>{row.description}</bdi>
          </Under>
        </>
      ),
    },
    { head: t("billing.date"), cell: (row) => <span class="num nowrap">{t.date(row.issueDate)}</span>, wideOnly: true },
    { head: t("billing.for"), cell: (row) => <bdi>{row.description}</bdi>, wideOnly: true },
    { head: t("billing.state"), cell: (row) => <SelfBilledChip t={t} invoice={row} /> },
    {
      head: t("billing.tax"),
      end: true,
      wideOnly: true,
      cell: (row) => <Money value={row.tax} locale={t.locale} show="code" size="plain" />,
    },
    {
      head: t("billing.total"),
      end: true,
      cell: (row) => <Money value={row.total} locale={t.locale} show="code" />,
    },
  ];
}
