import type { Staff } from "#access/principal.ts";
import { type ImportRun, importKinds, importStates } from "#features/imports/import.ts";
import { kinds } from "#features/imports/import-kinds.ts";
import type { ImportPage } from "#features/imports/import-views.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterSelect, Filters } from "#web/ui/filters.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { Breakable, ImportStatus, stateNames } from "./words.tsx";

type Query = { readonly kind?: string | undefined; readonly state?: string | undefined };
type Props = { ui: Ui; staff: Staff; page: ImportPage; query: Query; mayRun: boolean; mayExport: boolean };

/** All imports, newest first. */
export function ImportListPage({ ui, staff, page, query, mayRun, mayExport }: Props) {
  const { runs } = page;
  const filtered = query.kind !== undefined || query.state !== undefined;
  const live = runs.some((run) => run.state === "queued" || run.state === "running");
  const place = (name: "before" | "after", id: string | undefined) =>
    withQuery("/staff/imports", { ...query, [name]: id });
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Imports"
      lead="Partnerships, contacts, customers and payments from CSV files. Importing a file again changes nothing."
      {...(mayRun && {
        end: (
          <LinkButton kind="primary" href="/staff/imports/new" icon="upload">
            Upload a file
          </LinkButton>
        ),
      })}
    >
      <Card label="Imports">
        {(runs.length > 0 || filtered) && <Bar query={query} filtered={filtered} mayExport={mayExport} />}
        {runs.length === 0 ? (
          <NothingHere filtered={filtered} mayRun={mayRun} />
        ) : (
          <div
            id="imports"
            {...(live && {
              "hx-get": withQuery("/staff/imports", query),
              "hx-trigger": "every 2s",
              "hx-select": "#imports",
              "hx-swap": "outerHTML",
            })}
          >
            <Table caption="Imports, newest first" columns={columnsFor(ui)} rows={runs} />
          </div>
        )}
        {(page.newer || page.older) && (
          <Pager
            t={t}
            shown={runs.length}
            newer={page.newer ? place("after", runs[0]?.id) : undefined}
            older={page.older ? place("before", runs.at(-1)?.id) : undefined}
          />
        )}
      </Card>
    </StaffPage>
  );
}

function Bar({ query, filtered, mayExport }: { query: Query; filtered: boolean; mayExport: boolean }) {
  return (
    <Filters
      t={t}
      action="/staff/imports"
      {...(filtered && { clear: "/staff/imports" })}
      {...(mayExport && {
        end: (
          <LinkButton small icon="download" href={withQuery("/staff/imports/export.csv", query)} download>
            Export CSV
          </LinkButton>
        ),
      })}
    >
      <FilterSelect
        name="kind"
        label="What"
        value={query.kind}
        all="Everything"
        options={importKinds.map((value) => ({ value, label: kinds[value].label }))}
      />
      <FilterSelect
        name="state"
        label="State"
        value={query.state}
        all="Any state"
        options={importStates.map((value) => ({ value, label: stateNames[value] }))}
      />
    </Filters>
  );
}

function NothingHere({ filtered, mayRun }: { filtered: boolean; mayRun: boolean }) {
  if (filtered)
    return (
      <Empty icon="filter" title="No import fits these filters">
        Clear the filters to see all of them.
      </Empty>
    );
  return (
    <Empty icon="table-import" title="Nothing was imported yet">
      {mayRun
        ? "Upload a CSV file of your old system: you see its first rows and check its columns first."
        : "An owner or administrator can import files. What they bring in shows here."}
    </Empty>
  );
}

function columnsFor(ui: Ui): readonly Column<ImportRun>[] {
  return [
    {
      head: "File",
      cell: (run) => (
        <>
          <a href={`/staff/imports/${run.id}`}>
            <Breakable text={run.fileName} />
          </a>
          <Under>
            {kinds[run.kind].label}, {t.instant(run.createdAt, ui.institution.timeZone, "medium")}
          </Under>
        </>
      ),
    },
    { head: "State", cell: (run) => <ImportStatus run={run} /> },
    { head: "Rows", cell: (run) => <Rows run={run} />, end: true },
    { head: "Created", cell: (run) => count(run, run.created), end: true, wideOnly: true },
    { head: "Updated", cell: (run) => count(run, run.updated), end: true, wideOnly: true },
    { head: "Unchanged", cell: (run) => count(run, run.unchanged), end: true, wideOnly: true },
    { head: "Bad", cell: (run) => <Bad run={run} />, end: true, wideOnly: true },
    { head: "By", cell: (run) => <bdi>{run.by}</bdi>, wideOnly: true },
  ];
}

function Rows({ run }: { run: ImportRun }) {
  const going = run.state === "running" || run.state === "queued";
  return <span class="num">{going ? `${t.number(run.done)} of ${t.number(run.total)}` : t.number(run.total)}</span>;
}

function Bad({ run }: { run: ImportRun }) {
  if (run.bad === 0) return <span class="num">{count(run, 0)}</span>;
  return <span class="num strong txt-bad">{t.number(run.bad)}</span>;
}

function count(run: ImportRun, value: number): string {
  return run.state === "uploaded" ? "–" : t.number(value);
}
