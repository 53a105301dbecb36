import { raw } from "hono/html";
import type { Staff } from "#access/principal.ts";
import { type BadCell, type ImportKind, type ImportRun, importKinds } from "#features/imports/import.ts";
import { kinds } from "#features/imports/import-kinds.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Figures } from "#web/ui/card.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { Progress, Steps } from "#web/ui/progress.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { steps } from "./new-page.tsx";
import { Breakable, ImportStatus, rowsOf, thingsOf } from "./words.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  run: ImportRun;
  bad: { readonly cells: readonly BadCell[]; readonly more: boolean };
  /** Whether this page of bad rows is not the first. */
  further: boolean;
  mayRun: boolean;
  mayExport: boolean;
};

/** An import that was started: how far it is, or what came of it. */
export function RunPage(props: Props) {
  const { ui, staff, run, mayRun } = props;
  const live = run.state === "queued" || run.state === "running";
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={run.fileName}
      beside={<ImportStatus run={run} />}
      lead={kinds[run.kind].label}
      crumbs={[{ href: "/staff/imports", label: "Imports" }]}
      {...(!live && mayRun && { end: <Next run={run} /> })}
    >
      {live && <Steps label="Steps of an import" steps={steps} current={2} />}
      {live ? <Live run={run} /> : <Result {...props} />}
    </StaffPage>
  );
}

/** The part that renews itself: by htmx each second, by reloading the page each two seconds where script is off. */
export function Live({ run }: { run: ImportRun }) {
  const waiting = run.state === "queued";
  return (
    <div class="stack" id="live" hx-get={`/staff/imports/${run.id}/progress`} hx-trigger="every 1s" hx-swap="outerHTML">
      <Card pad label="Progress">
        <Progress
          label={waiting ? "Waiting to start" : `Importing ${thingsOf(run.kind, run.total)}`}
          done={run.done}
          total={run.total}
          note={
            waiting
              ? "It starts by itself. One file is imported at a time."
              : `${t.number(run.done)} of ${rowsOf(run.total)}`
          }
        />
        <p class="sm dim mt-s">You can leave this page: the import goes on, and its result stays here.</p>
      </Card>
      <Counts run={run} />
      {raw('<noscript><meta http-equiv="refresh" content="2"></noscript>')}
    </div>
  );
}

function Counts({ run }: { run: ImportRun }) {
  return (
    <Figures
      label="Result"
      figures={[
        { label: "Created", value: t.number(run.created) },
        { label: "Updated", value: t.number(run.updated) },
        { label: "Unchanged", value: t.number(run.unchanged) },
        { label: "Bad rows", value: t.number(run.bad), bad: run.bad > 0, ...(run.bad > 0 && { href: "#bad-rows" }) },
      ]}
    />
  );
}

function Result(props: Props) {
  const { run, ui } = props;
  const seconds = run.startedAt && run.finishedAt ? run.startedAt.until(run.finishedAt).total("seconds") : undefined;
  const zone = ui.institution.timeZone;
  return (
    <>
      <Outcome run={run} />
      <Counts run={run} />
      {run.bad > 0 && <BadRows {...props} />}
      <Card title="About this import">
        <Facts
          facts={[
            ["File", <Breakable text={run.fileName} />],
            ["Size", `${t.bytes(run.bytes)}, ${rowsOf(run.total)}`],
            ["Imported by", <bdi>{run.by}</bdi>],
            ["Started", run.startedAt ? t.instant(run.startedAt, zone, "zoned") : "–"],
            seconds !== undefined && [
              "Took",
              seconds < 1 ? "Less than a second" : `${t.number(Math.round(seconds))} s`,
            ],
            ["Kept", "The uploaded file was deleted when the import ended. Every change stands in the audit log."],
          ]}
        />
      </Card>
    </>
  );
}

function Outcome({ run }: { run: ImportRun }) {
  if (run.state === "failed") {
    return (
      <Notice tone="bad" title="Not imported to the end." live>
        <p>{run.message} What was imported before stays; importing the file again repeats nothing.</p>
      </Notice>
    );
  }
  const changed = run.created + run.updated;
  const what =
    changed === 0
      ? "Nothing changed: everything in this file was here already."
      : `${thingsOf(run.kind, changed)} went in.`;
  if (run.bad === 0)
    return (
      <Notice tone="ok" live>
        {changed === 0 ? what : `All is well: ${what}`}
      </Notice>
    );
  const left = `${run.bad === 1 ? "1 row was" : `${t.number(run.bad)} rows were`} left out.`;
  const good = changed === 0 && run.unchanged === 0 ? "No row could be used." : what;
  return (
    <Notice tone="warn" title={`${good} ${left}`} live>
      <p>Mend those lines in the file and import it again: what went in already stays as it is.</p>
    </Notice>
  );
}

function BadRows({ run, bad, further, mayExport }: Props) {
  const last = bad.cells.at(-1);
  return (
    <Card
      id="bad-rows"
      title="Bad rows"
      {...(mayExport && {
        end: (
          <LinkButton small icon="download" href={`/staff/imports/${run.id}/bad-rows.csv`} download>
            Download as CSV
          </LinkButton>
        ),
      })}
    >
      <Table
        caption="Bad rows, in the order of the file"
        rows={bad.cells}
        columns={[
          { head: "Line", cell: (cell) => <span class="num">{t.number(cell.line)}</span>, end: true },
          {
            head: "Column",
            cell: (cell) => (
              <>
                <b>
                  <Breakable text={cell.column} />
                </b>
                <Under phoneOnly>{cell.reason}</Under>
                <Under phoneOnly>{shownValue(cell)}</Under>
              </>
            ),
          },
          { head: "What to do", cell: (cell) => cell.reason, wideOnly: true },
          { head: "Value", cell: (cell) => <span class="prose">{shownValue(cell)}</span>, wideOnly: true },
        ]}
      />
      {(bad.more || further) && (
        <nav class="pager" aria-label="More bad rows">
          <span class="end">
            {further && (
              <LinkButton small icon="chevron-left" href={`/staff/imports/${run.id}#bad-rows`}>
                First lines
              </LinkButton>
            )}
            {bad.more && last && (
              <LinkButton small icon="chevron-right" href={`${furtherHref(run, last)}#bad-rows`}>
                Further lines
              </LinkButton>
            )}
          </span>
        </nav>
      )}
    </Card>
  );
}

function furtherHref(run: ImportRun, last: BadCell): string {
  return withQuery(`/staff/imports/${run.id}`, { line: String(last.line), column: last.column });
}

function shownValue(cell: BadCell) {
  if (cell.value === "") return <span class="dim">Empty</span>;
  const shown = cell.value.length > 120 ? `${cell.value.slice(0, 120)}…` : cell.value;
  return <bdi class="mono">{shown}</bdi>;
}

function Next({ run }: { run: ImportRun }) {
  const after: ImportKind | undefined = run.bad > 0 ? run.kind : importKinds[importKinds.indexOf(run.kind) + 1];
  const words =
    run.bad > 0 ? "Import the mended file" : after ? `Import ${kinds[after].many} next` : "Import another file";
  return (
    <LinkButton kind="primary" icon="upload" href={after ? `/staff/imports/new?kind=${after}` : "/staff/imports/new"}>
      {words}
    </LinkButton>
  );
}
