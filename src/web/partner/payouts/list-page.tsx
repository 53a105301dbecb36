import type { Partner } from "#access/principal.ts";
import type { PartnerFigures } from "#features/payouts/partner-figures.ts";
import { type PartnerPayout, type PayoutTab, payoutTabNames, payoutTabs } from "#features/payouts/partner-payout.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import type { PayoutCount, PayoutFilter, PayoutPage } from "#features/payouts/payout-partner-view.ts";
import type { Ui } from "#http/request.ts";
import type { T } from "#platform/i18n/messages.ts";
import { translator } from "#platform/i18n/messages.ts";
import { drawParts, LiveConnection, LivePart, type LiveParts } from "#web/partner/live.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { FilterDate, FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { type StateOf, statusWord } from "#web/ui/status.tsx";
import { PayoutFigures } from "./figures.tsx";
import { PayoutTable } from "./payout-table.tsx";
import { payoutQuery } from "./words.ts";

export const payoutsHome = "/partner/payouts";

/** Everything that the page of payouts shows, for the page and for its stream. */
export type PayoutListFacts = {
  readonly filter: PayoutFilter;
  readonly found: PayoutPage;
  readonly counts: readonly PayoutCount[];
  readonly figures: PartnerFigures;
  /** Which page: the place it begins at, as the address says it. */
  readonly place: { readonly before?: string | undefined; readonly after?: string | undefined };
};

const tabWords = {
  scheduled: "status.scheduled",
  in_review: "status.inReview",
  processing: "status.processing",
  paid: "status.paid",
  on_hold: "status.onHold",
  failed: "status.failed",
} as const satisfies Record<PayoutTab, string>;

/** The parts that update themselves: what is typed into the filters stays out of it. */
export function payoutListParts(t: T, facts: PayoutListFacts): LiveParts {
  const { figures, filter } = facts;
  return drawParts({
    "live-figures": <PayoutFigures t={t} figures={figures} {...(filter.currency && { currency: filter.currency })} />,
    "live-tabs": <PayoutTabs t={t} facts={facts} />,
    "live-rows": <PayoutRows t={t} facts={facts} />,
    "live-said": <Said t={t} payout={facts.found.rows[0]} />,
  });
}

/** Payouts, the latest day first. */
export function PayoutListPage({ ui, partner, facts }: { ui: Ui; partner: Partner; facts: PayoutListFacts }) {
  const t = translator(ui.locale);
  const { filter, figures, place } = facts;
  const query = payoutQuery(filter);
  const { status, ...rest } = query;
  const filtered = Object.values(rest).some((value) => value !== undefined);
  const parts = payoutListParts(t, facts);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("payouts.title")}
      lead={t("payouts.lead")}
      counts={{ [payoutsHome]: { count: figures.waiting, bad: true } }}
      end={
        <>
          <LinkButton icon="download" href={withQuery(`${payoutsHome}/export.csv`, query)} download>
            {t("payouts.exportCsv")}
          </LinkButton>
          <LinkButton icon="file-text" href="/partner/statement">
            {t("payouts.statementPdf")}
          </LinkButton>
        </>
      }
    >
      <LivePart of={parts} id="live-figures" />
      <section class="card" aria-label={t("payouts.title")}>
        <LivePart of={parts} id="live-tabs" as="" />
        <Filters
          t={t}
          action={payoutsHome}
          search={{ value: filter.q, placeholder: t("payouts.search") }}
          keep={{ status }}
          clear={filtered ? withQuery(payoutsHome, { status }) : undefined}
        >
          <FilterDate name="from" label={t("list.from")} value={query.from} />
          <FilterDate name="to" label={t("list.to")} value={query.to} />
          {ui.institution.currencies.length > 1 && (
            <FilterSelect
              name="currency"
              label={t("list.currency")}
              value={filter.currency}
              all={t("payouts.allCurrencies")}
              options={ui.institution.currencies.map((value) => ({ value, label: value }))}
            />
          )}
        </Filters>
        <LivePart of={parts} id="live-rows" as="scroll" />
      </section>
      <p class="vh" id="live-said" role="status" />
      <LiveConnection parts={parts} query={{ of: "payouts", ...query, ...place }} />
    </PartnerPage>
  );
}

function PayoutTabs({ t, facts: { filter, counts } }: { t: T; facts: PayoutListFacts }) {
  const query = payoutQuery(filter);
  const countOf = (states: readonly string[]) =>
    counts.filter((one) => states.includes(one.state)).reduce((sum, one) => sum + one.count, 0);
  return (
    <Tabs
      label={t("payouts.which")}
      tabs={[
        {
          label: t("payouts.all"),
          href: withQuery(payoutsHome, { ...query, status: undefined }),
          count: counts.reduce((sum, one) => sum + one.count, 0),
          current: filter.status === undefined,
        },
        ...payoutTabNames.map((status) => ({
          label: t(tabWords[status]),
          href: withQuery(payoutsHome, { ...query, status }),
          count: countOf(payoutTabs[status]),
          bad: status === "failed",
          current: filter.status === status,
        })),
      ]}
    />
  );
}

function PayoutRows({ t, facts }: { t: T; facts: PayoutListFacts }) {
  const { found, filter, figures, place } = facts;
  const query = payoutQuery(filter);
  if (found.rows.length === 0) {
    const filtered = Object.values(query).some((value) => value !== undefined) || place.before !== undefined;
    return filtered ? (
      <Empty icon="filter" title={t("payouts.noFit")}>
        {t("payouts.noFitText")}
      </Empty>
    ) : (
      <Empty icon="send" title={t("payouts.empty")}>
        {t("payouts.emptyText")}
      </Empty>
    );
  }
  return (
    <>
      <PayoutTable t={t} payouts={found.rows} accounts={figures.accounts} />
      {(found.newer ?? found.older) !== undefined && (
        <Pager
          t={t}
          shown={found.rows.length}
          newer={found.newer && withQuery(payoutsHome, { ...query, after: found.newer })}
          older={found.older && withQuery(payoutsHome, { ...query, before: found.older })}
        />
      )}
    </>
  );
}

/** What a screen reader hears when the rows have changed; it is empty when the page opens. */
function Said({ t, payout }: { t: T; payout: PartnerPayout | undefined }) {
  if (!payout) return <span />;
  return (
    <span>
      {t("payouts.said", {
        number: payoutNumber(payout.number),
        amount: t.money(payout.total, "code"),
        status: statusWord(t, "payout", payout.state as StateOf<"payout">),
      })}
    </span>
  );
}
