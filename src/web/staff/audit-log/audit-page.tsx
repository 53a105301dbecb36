import type { Staff } from "#access/principal.ts";
import type { AuditEntry, AuditPage, SealState, Subject } from "#features/audit/audit-views.ts";
import type { Ui } from "#http/request.ts";
import { actorWords, eventDetail, eventLook } from "#web/staff/event-words.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterDate, FilterSelect, Filters } from "#web/ui/filters.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { actorKinds, eventKindNames, eventKinds, hrefOf } from "./audit-words.ts";

const home = "/staff/audit-log";

/** The filters as their address has them. */
export type AuditQuery = {
  readonly q?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly actor?: string | undefined;
  readonly kind?: string | undefined;
};

type Props = {
  ui: Ui;
  staff: Staff;
  found: AuditPage;
  subjects: ReadonlyMap<string, Subject>;
  members: readonly { readonly id: string; readonly name: string }[];
  seal: SealState | undefined;
  query: AuditQuery;
};

/** Who did what, newest first. */
export function AuditLogPage(props: Props) {
  const { ui, staff, found, subjects, seal, query } = props;
  const filtered = Object.values(query).some((value) => value !== undefined);
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Audit log"
      lead="Who did what, when and from where. Entries are only ever added."
    >
      <Seals seal={seal} zone={ui.institution.timeZone} />
      <Card label="Audit log">
        <AuditFilters {...props} filtered={filtered} />
        {found.rows.length === 0 ? (
          <Empty icon="filter" title="No entry fits">
            Try other dates or fewer words, or clear the filters.
          </Empty>
        ) : (
          <Table
            caption="Entries of the audit log, newest first"
            columns={columnsFor(ui, subjects)}
            rows={found.rows}
          />
        )}
        {(found.newer ?? found.older) !== undefined && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.newer === undefined ? undefined : withQuery(home, { ...query, after: `${found.newer}` })}
            older={found.older === undefined ? undefined : withQuery(home, { ...query, before: `${found.older}` })}
          />
        )}
      </Card>
    </StaffPage>
  );
}

function AuditFilters({ query, members, filtered }: Props & { filtered: boolean }) {
  const kinds = Object.entries(actorKinds).map(([value, label]) => ({ value, label }));
  const people = members.map((one) => ({ value: one.id, label: one.name }));
  return (
    <Filters
      t={t}
      action={home}
      search={{ value: query.q, placeholder: "Person, payment or reference" }}
      clear={filtered ? home : undefined}
      end={
        <LinkButton small icon="download" href={withQuery(`${home}/export.csv`, query)} download>
          Export CSV
        </LinkButton>
      }
    >
      <FilterSelect name="actor" label="Who" value={query.actor} all="Anybody" options={[...kinds, ...people]} />
      <FilterSelect
        name="kind"
        label="About"
        value={query.kind}
        all="Everything"
        options={eventKindNames.map((value) => ({ value, label: eventKinds[value] }))}
      />
      <FilterDate name="from" label="From" value={query.from} />
      <FilterDate name="to" label="To" value={query.to} />
    </Filters>
  );
}

function Seals({ seal, zone }: { seal: SealState | undefined; zone: string }) {
  if (!seal) {
    return (
      <Notice title="No entry is sealed yet">
        <p>Every few minutes new entries are sealed into a chain, so that no later change could go unnoticed.</p>
      </Notice>
    );
  }
  const waiting =
    seal.waiting === 0n
      ? "Nothing was added since."
      : seal.waiting === 1n
        ? "1 newer entry is sealed with the next run."
        : `${t.number(seal.waiting)} newer entries are sealed with the next run.`;
  return (
    <Notice tone="ok" title={`${t.number(seal.sealed)} entries are sealed`}>
      <p>
        Up to {t.instant(seal.sealedAt, zone)}. {waiting} Whoever runs Portico proves with{" "}
        <span class="mono">npm run audit:verify</span> that none was changed. The newest seal begins with{" "}
        <span class="mono">{seal.head.slice(0, 12)}</span>.
      </p>
    </Notice>
  );
}

function columnsFor(ui: Ui, subjects: ReadonlyMap<string, Subject>): readonly Column<AuditEntry>[] {
  const when = (entry: AuditEntry) => t.instant(entry.at, ui.institution.timeZone, "time");
  return [
    {
      head: "What",
      cell: (entry) => (
        <>
          <What entry={entry} subject={subjects.get(entry.subject)} />
          <Under phoneOnly>
            {when(entry)}, {actorWords(entry)}
          </Under>
        </>
      ),
    },
    { head: "Who", cell: (entry) => <bdi>{actorWords(entry)}</bdi>, wideOnly: true },
    { head: "When", cell: (entry) => <span class="num nowrap">{when(entry)}</span>, wideOnly: true },
    { head: "From where", cell: (entry) => <span class="num dim">{entry.ip || "–"}</span>, wideOnly: true },
  ];
}

function What({ entry, subject }: { entry: AuditEntry; subject: Subject | undefined }) {
  const { words } = eventLook(entry.event);
  const detail = eventDetail(entry);
  return (
    <>
      <span class="strong">{words}</span>
      {subject && (
        <>
          : <About id={entry.subject} subject={subject} />
        </>
      )}
      {detail !== "" && (
        <Under>
          <bdi>{detail}</bdi>
        </Under>
      )}
    </>
  );
}

function About({ id, subject }: { id: string; subject: Subject }) {
  const href = hrefOf(id);
  const name = <bdi>{subject.name}</bdi>;
  return (
    <>
      {href === undefined ? name : <a href={href}>{name}</a>}
      {subject.of !== undefined && (
        <>
          , <bdi>{subject.of}</bdi>
        </>
      )}
    </>
  );
}
