import type { LinesPage, Statement } from "#features/statements/book.ts";
import { periodNames } from "#features/statements/period.ts";
import { ageBuckets, type BalancedLine, type SectionSums } from "#features/statements/statement.ts";
import { lineSubject, lineTitle, referencePath, referenceText } from "#features/statements/statement-words.ts";
import type { Ui } from "#http/request.ts";
import { moneySum } from "#kernel/money.ts";
import { dateIn } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { queryOf } from "./statement-query.ts";

type Props = {
  t: T;
  ui: Ui;
  /** The page's own address; its files stand beside it. */
  home: string;
  statement: Statement;
  pages: readonly LinesPage[];
  /** Whether what an entry names is a link: staff have other addresses for it. */
  linked: boolean;
};

/** A statement as a page: which days, what it comes to, every entry with its balance. It prints as it stands. */
export function StatementView(props: Props) {
  const { t, ui, statement, pages } = props;
  return (
    <>
      <PeriodForm {...props} />
      <p class="dim">{t("statement.apart")}</p>
      {statement.sections.map((sums, index) => (
        <>
          <SumsCard t={t} statement={statement} sums={sums} institution={ui.institution.name} />
          {sums.section === "invoices" && sums.closing.minor !== 0n && <AgeingCard t={t} statement={statement} />}
          <LinesCard {...props} sums={sums} page={pages[index]} />
        </>
      ))}
      <p class="dim sm">{t("statement.zone", { zone: ui.institution.timeZone })}</p>
    </>
  );
}

/** Links to the files of what is shown. */
export function StatementFiles({ t, home, statement }: Pick<Props, "t" | "home" | "statement">) {
  const query = queryOf(statement);
  return (
    <>
      <LinkButton icon="file-text" kind="primary" href={withQuery(`${home}.pdf`, query)} download>
        {t("list.downloadPdf")}
      </LinkButton>
      <LinkButton icon="download" href={withQuery(`${home}.csv`, query)} download>
        {t("list.downloadCsv")}
      </LinkButton>
    </>
  );
}

function PeriodForm({ t, ui, home, statement: { period, range } }: Props) {
  const { currencies } = ui.institution;
  return (
    <form class="filters card" method="get" action={home} data-filters>
      <input type="hidden" name="was" value={`${period.name}~${period.from}~${period.to}`} />
      <span class="field">
        <label for="q-period">{t("statement.period")}</label>
        <select class="input" name="period" id="q-period">
          {periodNames.map((name) => (
            <option value={name} selected={name === period.name}>
              {t(`statement.${name}`)}
            </option>
          ))}
        </select>
      </span>
      <DateInput name="from" label={t("list.from")} value={period.from.toString()} />
      <DateInput name="to" label={t("list.to")} value={period.to.toString()} />
      {currencies.length > 1 && (
        <span class="field">
          <label for="q-currency">{t("list.currency")}</label>
          <select class="input" name="currency" id="q-currency">
            {currencies.map((code) => (
              <option value={code} selected={code === range.currency}>
                {code}
              </option>
            ))}
          </select>
        </span>
      )}
      <Button small>{t("statement.show")}</Button>
    </form>
  );
}

function DateInput({ name, label, value }: { name: string; label: string; value: string }) {
  return (
    <span class="field">
      <label for={`q-${name}`}>{label}</label>
      <input class="input" type="date" name={name} id={`q-${name}`} value={value} />
    </span>
  );
}

type SumsProps = { t: T; statement: Statement; sums: SectionSums; institution: string };
type SumRow = { readonly label: string; readonly note?: string; readonly amount: SectionSums["opening"] };

/** Opening + each kind of movement = closing. */
function SumsCard({ t, statement, sums, institution }: SumsProps) {
  const title = t(`statement.${sums.section}`);
  const { opening, closing } = statement.balanceDays;
  const rows: SumRow[] = [
    { label: t("statement.opening"), note: t.date(opening), amount: sums.opening },
    ...sums.kinds.map((kind) => ({
      label: t(`statement.line.${kind.kind}`),
      note: t("statement.movements", { count: kind.count }),
      amount: kind.within,
    })),
  ];
  const columns: readonly Column<SumRow>[] = [
    {
      head: t("statement.entry"),
      cell: (row) => (
        <>
          {row.label}
          {row.note !== undefined && <Under>{row.note}</Under>}
        </>
      ),
    },
    {
      head: t("statement.amount"),
      end: true,
      cell: (row) => <Money value={row.amount} locale={t.locale} show="code" />,
    },
  ];
  return (
    <Card title={title} end={t(`statement.${sums.section}Text`, { institution })}>
      <Table
        caption={t("statement.summaryCaption", { section: title })}
        columns={columns}
        rows={rows}
        foot={[
          t("statement.closingOn", { date: t.date(closing) }),
          <Money value={sums.closing} locale={t.locale} show="code" />,
        ]}
      />
    </Card>
  );
}

function AgeingCard({ t, statement }: { t: T; statement: Statement }) {
  const { ageing, balanceDays } = statement;
  const total = ageBuckets.reduce((sum, bucket) => sum + ageing[bucket].minor, 0n);
  const columns: readonly Column<(typeof ageBuckets)[number]>[] = [
    { head: t("statement.period"), cell: (bucket) => t(`statement.age.${bucket}`) },
    {
      head: t("statement.amount"),
      end: true,
      cell: (bucket) => <Money value={ageing[bucket]} locale={t.locale} show="code" size="plain" />,
    },
  ];
  return (
    <Card title={t("statement.ageing")} end={t("statement.ageingOn", { date: t.date(balanceDays.closing) })}>
      <Table
        caption={t("statement.ageing")}
        columns={columns}
        rows={ageBuckets}
        foot={[
          t("statement.age.total"),
          <Money value={moneySum(total, ageing.current.currency)} locale={t.locale} show="code" />,
        ]}
      />
    </Card>
  );
}

type LinesProps = Props & { sums: SectionSums; page: LinesPage | undefined };

function LinesCard(props: LinesProps) {
  const { t, sums, page } = props;
  const title = t(`statement.${sums.section}`);
  if (!page || page.lines.length === 0) {
    return (
      <Card label={t("statement.caption", { section: title })}>
        <Empty icon="file-text" title={t("statement.empty")}>
          {t("statement.emptyText")}
        </Empty>
      </Card>
    );
  }
  return (
    <Card label={t("statement.caption", { section: title })} id={sums.section}>
      <Table
        caption={t("statement.caption", { section: title })}
        columns={lineColumns(props)}
        rows={page.lines}
        foot={[
          "",
          page.more ? "" : t("statement.closing"),
          "",
          "",
          <Money value={page.lines.at(-1)?.balance ?? page.brought} locale={t.locale} show="none" />,
        ]}
      />
      {(page.first > 1 || page.more) && <Pages {...props} page={page} />}
    </Card>
  );
}

function lineColumns({ t, ui, linked }: LinesProps): readonly Column<BalancedLine>[] {
  const { timeZone, taxName } = ui.institution;
  return [
    {
      head: t("statement.date"),
      cell: (line) => <span class="num nowrap">{t.date(dateIn(timeZone, line.at))}</span>,
    },
    {
      head: t("statement.entry"),
      cell: (line) => (
        <>
          {lineTitle(line, t)}
          {lineSubject(line, t).map((text) => (
            <Under>
              <bdi>{text}</bdi>
            </Under>
          ))}
          {line.tax.minor !== 0n && (
            <Under>{t("statement.taxWithin", { name: taxName, amount: t.money(line.tax, "none") })}</Under>
          )}
          {line.dueDate && <Under>{t("statement.due", { date: t.date(line.dueDate) })}</Under>}
        </>
      ),
    },
    {
      head: t("statement.reference"),
      wideOnly: true,
      cell: (line) =>
        line.references.map((one) => (
          <div class="num">{linked ? <a href={referencePath(one)}>{referenceText(one)}</a> : referenceText(one)}</div>
        )),
    },
    {
      head: t("statement.amount"),
      end: true,
      cell: (line) => <Money value={line.amount} locale={t.locale} show="none" />,
    },
    {
      head: t("statement.balance"),
      end: true,
      cell: (line) => <Money value={line.balance} locale={t.locale} show="none" size="plain" />,
    },
  ];
}

/** The same statement, further on in one section. */
function Pages({ t, home, statement, sums, page, pages }: LinesProps & { page: LinesPage }) {
  const others = Object.fromEntries(
    pages.filter((one) => one.section !== sums.section && one.first > 1).map((one) => [one.section, String(one.first)]),
  );
  const at = (first: number) =>
    `${withQuery(home, { ...queryOf(statement), ...others, [sums.section]: String(first) })}#${sums.section}`;
  const last = page.first + page.lines.length - 1;
  const size = Math.max(page.lines.length, 100);
  return (
    <nav class="pager" aria-label={t("list.pages")}>
      <span>{t("statement.lines", { first: page.first, last, count: sums.count })}</span>
      <span class="end">
        {page.first > 1 && (
          <LinkButton href={at(Math.max(1, page.first - size))} small icon="chevron-left">
            {t("statement.earlier")}
          </LinkButton>
        )}
        {page.more && (
          <LinkButton href={at(last + 1)} small iconEnd="chevron-right">
            {t("statement.later")}
          </LinkButton>
        )}
      </span>
    </nav>
  );
}
