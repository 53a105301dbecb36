import type { Child } from "hono/jsx";
import type { Staff } from "#access/principal.ts";
import type { AuditEntry, AuditPage } from "#features/audit/audit-views.ts";
import type { Ui } from "#http/request.ts";
import type { PlainDate } from "#kernel/time.ts";
import { actorWords, eventDetail, eventLook } from "#web/staff/event-words.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterDate, FilterSelect, Filters } from "#web/ui/filters.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

const home = "/staff/audit-log";

/** What things events are about; the noun in front of the event. */
export const nouns = {
  payment: "Payments",
  plan: "Payment plans",
  customer: "Customers",
  payer: "Payers",
  partnership: "Partnerships",
  contact: "Contacts",
  money: "Money received",
  receipt: "Receipts",
  refund: "Refunds",
  attempt: "Tries to pay",
  checkout: "Checkouts",
  import: "Imports",
  institution: "Institution",
  staff: "Staff",
  "sign-in": "Sign-in",
  session: "Sessions",
  password: "Passwords",
  "two-step": "Two-step",
} as const;

export const actorKinds = { staff: "Staff", customer: "Customers", visitor: "Visitors", system: "Portico itself" } as const;

export type AuditQuery = {
  readonly q?: string | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
  readonly kind?: string | undefined;
  readonly actor?: string | undefined;
};

type Props = { ui: Ui; staff: Staff; found: AuditPage; query: AuditQuery };

/** Who did what, as whom, when and from where; newest first. Nothing in it can be changed. */
export function AuditLogPage({ ui, staff, found, query }: Props) {
  const kept = { ...query, from: query.from?.toString(), to: query.to?.toString() };
  const filtered = Object.values(query).some((value) => value !== undefined);
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Audit log"
      lead="Who did what, when and from where. Entries are sealed: nobody can change or remove one unnoticed."
    >
      <Card label="Audit log">
        <Filters
          t={t}
          action={home}
          search={{ value: query.q, placeholder: "Name, event or anything in it" }}
          clear={filtered ? home : undefined}
          end={
            <LinkButton small icon="download" href={withQuery(`${home}/export.csv`, kept)} download>
              Export CSV
            </LinkButton>
          }
        >
          <FilterSelect name="kind" label="What" value={query.kind} all="Everything" options={optionsOf(nouns)} />
          <FilterSelect name="actor" label="By" value={query.actor} all="Anybody" options={optionsOf(actorKinds)} />
          <FilterDate name="from" label="From" value={kept.from} />
          <FilterDate name="to" label="To" value={kept.to} />
        </Filters>
        {found.rows.length === 0 ? (
          <Empty icon={filtered ? "filter" : "list-check"} title="Nothing to show">
            {filtered ? "Try wider dates, or clear the filters." : "Everything that is done from now on stands here."}
          </Empty>
        ) : (
          <Table caption="Entries, newest first" columns={columnsFor(ui.institution.timeZone)} rows={found.rows} />
        )}
        {(found.newer ?? found.older) !== undefined && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.newer === undefined ? undefined : withQuery(home, { ...kept, after: found.newer.toString() })}
            older={found.older === undefined ? undefined : withQuery(home, { ...kept, before: found.older.toString() })}
          />
        )}
      </Card>
    </StaffPage>
  );
}

function optionsOf(words: Readonly<Record<string, string>>) {
  return Object.entries(words).map(([value, label]) => ({ value, label }));
}

function columnsFor(zone: string): readonly Column<AuditEntry>[] {
  return [
    { head: "When", cell: (entry) => <span class="num nowrap">{t.instant(entry.at, zone)}</span> },
    { head: "What", cell: (entry) => <What entry={entry} /> },
    { head: "Who", cell: (entry) => <bdi>{actorWords(entry)}</bdi> },
    { head: "From", cell: (entry) => <bdi dir="ltr">{entry.ip || "–"}</bdi>, wideOnly: true },
  ];
}

function What({ entry }: { entry: AuditEntry }) {
  const detail = eventDetail(entry);
  return (
    <>
      <About entry={entry}>{eventLook(entry.event).words}</About>
      {detail !== "" && (
        <Under>
          <bdi>{detail.length > 200 ? `${detail.slice(0, 200)}…` : detail}</bdi>
        </Under>
      )}
    </>
  );
}

const places = [
  ["pay_", "/staff/payments/"],
  ["cus_", "/staff/customers/"],
  ["prt_", "/staff/partnerships/"],
  ["imp_", "/staff/imports/"],
] as const;

/** A link to what it happened to, where that has a page. */
function About({ entry: { subject }, children }: { entry: AuditEntry; children?: Child }) {
  const place = places.find(([noun]) => subject.startsWith(noun));
  return place ? <a href={place[1] + subject}>{children}</a> : <span>{children}</span>;
}
