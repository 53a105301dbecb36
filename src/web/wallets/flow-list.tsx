import { payoutNumber as showPayout } from "#features/payouts/payout.ts";
import { flowKinds } from "#features/wallets/flow-kinds.ts";
import type { Flow, FlowPage } from "#features/wallets/flows.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { type Currency, exponentOf } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import { LinkButton } from "#web/ui/button.tsx";
import { FilterDate, FilterSelect, Filters, FilterText } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { type FlowQuery, flowQueryText, type ReadFilter } from "./flow-query.ts";

export type FlowListProps = {
  t: T;
  /** The page's own address, without a query. */
  home: string;
  query: FlowQuery & { readonly before?: bigint | undefined; readonly after?: bigint | undefined };
  unread: ReadFilter["unread"];
  currency: Currency;
  institution: string;
  zone: string;
  found: FlowPage;
  /** Where one flow is explained; undefined: nowhere. */
  hrefOf: (flow: Flow) => string | undefined;
};

/** All filters of flows. */
export function FlowFilters({
  t,
  home,
  query,
  institution,
}: Pick<FlowListProps, "t" | "home" | "query" | "institution">) {
  const text = flowQueryText(query);
  const filtered = Object.values(text).some((value) => value !== undefined);
  return (
    <Filters
      t={t}
      action={home}
      search={{ value: query.q, placeholder: t("flows.search") }}
      clear={filtered ? home : undefined}
    >
      <FilterDate name="from" label={t("list.from")} value={text.from} />
      <FilterDate name="to" label={t("list.to")} value={text.to} />
      <FilterSelect
        name="kind"
        label={t("flows.kind")}
        value={query.kind}
        all={t("flows.kindAll")}
        options={flowKinds.map((value) => ({ value, label: t(`flows.kind.${value}`) }))}
      />
      <FilterSelect
        name="direction"
        label={t("flows.direction")}
        value={query.direction}
        all={t("flows.directionAll")}
        options={[
          { value: "in", label: t("flows.in") },
          { value: "out", label: t("flows.out") },
        ]}
      />
      <FilterSelect
        name="with"
        label={t("flows.partner")}
        value={query.with}
        all={t("flows.partnerAll")}
        options={[
          { value: "bank", label: t("flows.partner.bank") },
          { value: "institution", label: t("flows.partner.institution", { institution }) },
        ]}
      />
      <FilterText name="amount" label={t("flows.exact")} value={query.amount} inputmode="decimal" />
      <FilterText name="least" label={t("flows.least")} value={query.least} inputmode="decimal" />
      <FilterText name="most" label={t("flows.most")} value={query.most} inputmode="decimal" />
    </Filters>
  );
}

/** Rows of flows, why there are none, and the way to the next ones. Its filters stand apart: `<FlowFilters>`. */
export function FlowRows(props: FlowListProps) {
  const { found } = props;
  return (
    <>
      {props.unread.length > 0 && <Unread {...props} />}
      {found.rows.length > 0 ? <FlowTable {...props} rows={found.rows} /> : <Nothing {...props} />}
      <Ways {...props} />
    </>
  );
}

/** What was typed into a filter and could not be read. */
function Unread({ t, unread, currency }: FlowListProps) {
  const example = exponentOf(currency) === 0 ? "1850" : "1850.00";
  return (
    <div class="pad">
      <Notice tone="warn">
        {unread.map(({ what, typed }) => (
          <p>
            {what === "amount"
              ? t("flows.unreadAmount", { typed, currency, example })
              : t("flows.unreadNumber", { typed, example: "4821 0937 5519" })}
          </p>
        ))}
      </Notice>
    </div>
  );
}

function Nothing({ t, query, found }: FlowListProps) {
  if (found.further !== undefined) return <Empty icon="search" title={t("flows.noneHere")} />;
  const filtered = Object.values(flowQueryText(query)).some((value) => value !== undefined);
  return filtered || query.before !== undefined ? (
    <Empty icon="filter" title={t("flows.noFit")}>
      {t("flows.noFitText")}
    </Empty>
  ) : (
    <Empty icon="arrows-exchange" title={t("wallet.noFlows")}>
      {t("wallet.noFlowsText")}
    </Empty>
  );
}

/** Newer and older pages, or on with a search that stopped. */
function Ways({ t, home, query, found, zone }: FlowListProps) {
  const text = flowQueryText(query);
  const to = (name: "before" | "after", place: bigint | undefined) =>
    place === undefined ? undefined : withQuery(home, { ...text, [name]: String(place) });
  const further = to("before", found.further);
  return (
    <>
      {further !== undefined && (
        <div class="pad">
          <Notice>
            <p>
              {t("flows.further", {
                date: found.reachedAt ? t.instant(found.reachedAt, zone) : "",
              })}
            </p>
            <p class="mt-s">
              <LinkButton href={further} icon="search" small>
                {t("flows.furtherLink")}
              </LinkButton>
            </p>
          </Notice>
        </div>
      )}
      {(found.newer ?? found.older) !== undefined && (
        <Pager t={t} shown={found.rows.length} newer={to("after", found.newer)} older={to("before", found.older)} />
      )}
    </>
  );
}

type TableProps = Pick<FlowListProps, "t" | "zone" | "institution" | "hrefOf"> & {
  rows: readonly Flow[];
  /** For half a page: all that fits under one heading stands there. */
  short?: boolean;
};

/** Flows as rows, each with what it was, with whom, and the balance behind it. */
export function FlowTable({ t, rows, zone, institution, hrefOf, short = false }: TableProps) {
  const columns: (Column<Flow> & { readonly long?: boolean })[] = [
    {
      head: t("flows.date"),
      cell: (flow) => (
        <time class="num" datetime={flow.at.toString()}>
          {t.instant(flow.at, zone)}
        </time>
      ),
      wideOnly: true,
      long: true,
    },
    {
      head: t("flows.what"),
      cell: (flow) => (
        <>
          {t(`flows.kind.${flow.kind}`)}
          <Under phoneOnly={!short}>
            <bdi>{counterpartyWords(t, flow, institution)}</bdi>
          </Under>
          <Under phoneOnly={!short}>
            <span class="num">{t.instant(flow.at, zone)}</span>
          </Under>
        </>
      ),
    },
    {
      head: t("flows.with"),
      cell: (flow) => <bdi class="num">{counterpartyWords(t, flow, institution)}</bdi>,
      wideOnly: true,
      long: true,
    },
    {
      head: t("flows.reference"),
      cell: (flow) => <bdi class="dim">{referenceWords(flow)}</bdi>,
      wideOnly: true,
      long: true,
    },
    {
      head: t("flows.amount"),
      cell: (flow) => {
        const amount = <Money value={flow.change} show="none" locale={t.locale} />;
        const href = hrefOf(flow);
        if (href === undefined) return amount;
        return (
          <a href={href}>
            {amount}
            <span class="vh">
              {" "}
              {t("flows.whyOf", { kind: t(`flows.kind.${flow.kind}`), date: t.instant(flow.at, zone) })}
            </span>
          </a>
        );
      },
      end: true,
    },
    {
      head: t("flows.after"),
      cell: (flow) => (
        <span class="of-one">
          <Money value={flow.after} show="code" size="plain" locale={t.locale} />
        </span>
      ),
      end: true,
    },
  ];
  return <Table caption={t("flows.caption")} columns={columns.filter(({ long }) => !short || !long)} rows={rows} />;
}

/** `4821 0937 5519 · P•••••• P•••••••`, a bank account, or the institution. */
export function counterpartyWords(t: T, { counterparty }: Pick<Flow, "counterparty">, institution: string): string {
  const { kind, number, name } = counterparty;
  if (kind === "institution") return institution;
  if (kind === "wallet")
    return [`\u2066${formatWalletNumber(number)}\u2069`, name].filter((text) => text !== "").join(" · ");
  return [name, number].filter((text) => text !== "").join(" ") || t("flows.aBank");
}

/** What was written on it, or the number of the payout behind it. */
export function referenceWords({ note, payoutNumber }: Pick<Flow, "note" | "payoutNumber">): string {
  return payoutNumber === undefined ? note : showPayout(payoutNumber);
}
