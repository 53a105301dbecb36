import type { Child } from "hono/jsx";
import type { Staff } from "#access/principal.ts";
import type { ImportKind, ImportRun, Mapping } from "#features/imports/import.ts";
import { kinds } from "#features/imports/import-kinds.ts";
import { fieldOf } from "#features/imports/start-import.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { controlOf, FieldProblem, Form, type FormState, keptValue, type Problems } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Steps } from "#web/ui/progress.tsx";
import { Chip } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { steps } from "./new-page.tsx";
import { Breakable, foundWords, headingWords, rowsOf, shortHeading } from "./words.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  run: ImportRun;
  /** What was found by the headings. */
  matched: Mapping;
  /** What the headings look like, where that is another kind than was chosen. */
  rather: ImportKind | undefined;
  mayRun: boolean;
  values?: Readonly<Record<string, string | readonly string[]>> | undefined;
  problems?: Problems | undefined;
};

/** The first rows of a file, and which of its columns feeds which of ours, before anything changes. */
export function MatchPage(props: Props) {
  const { ui, staff, run, matched, rather, mayRun, values, problems } = props;
  const form: FormState = { t, ...(values && { values }), ...(problems && { problems }) };
  const kind = kinds[run.kind];
  const unused = run.found.headers.filter((_, index) => !Object.values(matched).includes(index));
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Check the columns"
      lead={
        <>
          <Breakable text={run.fileName} />. {kind.label}: {foundWords(run)}.
        </>
      }
      crumbs={[{ href: "/staff/imports", label: "Imports" }]}
      problems={problems}
    >
      <Steps label="Steps of an import" steps={steps} current={1} />
      {rather && (
        <Notice tone="warn" title={`This looks like a file of ${kinds[rather].many}.`}>
          <p>
            You chose {kind.label.toLowerCase()}. If that was a slip,{" "}
            <a href={`/staff/imports/new?kind=${rather}`}>upload it as {kinds[rather].many}</a>.
          </p>
        </Notice>
      )}
      <Form action={`/staff/imports/${run.id}`} layout="bare">
        <div class="stack">
          <Columns form={form} run={run} matched={matched} />
          {mayRun && (
            <Actions>
              <Button kind="primary" icon="table-import">{`Import ${rowsOf(run.total)}`}</Button>
              <LinkButton href="/staff/imports/new">Upload another file</LinkButton>
            </Actions>
          )}
        </div>
      </Form>
      <FirstRows run={run} />
      {unused.length > 0 && Object.keys(matched).length > 0 && (
        <p class="sm dim">
          Not recognised, so left out unless you choose them above:{" "}
          {t.list(unused.map((one) => one || "a column without a heading"))}.
        </p>
      )}
    </StaffPage>
  );
}

function Columns({ form, run, matched }: { form: FormState; run: ImportRun; matched: Mapping }) {
  return (
    <Card title="Columns">
      <Table
        caption="Our columns, and which column of your file feeds each"
        rows={kinds[run.kind].columns}
        columns={[
          {
            head: "Into",
            cell: (column) => (
              <>
                <label class="strong" for={controlOf(form, fieldOf(column.name), {}).id}>
                  {column.label}
                </label>{" "}
                {column.required && <Chip words="Required" tone="info" />}
                <Under>{column.hint}</Under>
              </>
            ),
          },
          {
            head: "From your file",
            cell: (column) => <Chooser form={form} run={run} column={column} matched={matched} />,
          },
          { head: "First rows", cell: (column) => examples(run, form, column.name, matched), wideOnly: true },
        ]}
      />
    </Card>
  );
}

type ChooserProps = {
  form: FormState;
  run: ImportRun;
  column: { name: string; label: string; required: boolean };
  matched: Mapping;
};

function Chooser({ form, run, column, matched }: ChooserProps) {
  const name = fieldOf(column.name);
  const chosen = keptValue(form, name, matched[column.name]?.toString() ?? "");
  return (
    <div class="field">
      <FieldProblem form={form} name={name} />
      <select class="input" {...controlOf(form, name, { optional: !column.required })}>
        <option value="">{column.required ? "Choose" : "None"}</option>
        {run.found.headers.map((_, index) => (
          <option value={index} selected={String(index) === chosen}>
            {shortHeading(run.found.headers, index)}
          </option>
        ))}
      </select>
    </div>
  );
}

function examples(run: ImportRun, form: FormState, column: string, matched: Mapping): Child {
  const chosen = keptValue(form, fieldOf(column), matched[column]?.toString() ?? "");
  if (chosen === "") return <span class="dim">–</span>;
  const cells = run.found.sample.map((row) => row.cells[Number(chosen)] ?? "").filter((cell) => cell !== "");
  if (cells.length === 0) return <span class="dim">Empty in the first rows</span>;
  return (
    <span class="dim">
      {[...new Set(cells)].slice(0, 3).map((cell, index) => (
        <>
          {index > 0 && " · "}
          <bdi>{cell}</bdi>
        </>
      ))}
    </span>
  );
}

function FirstRows({ run }: { run: ImportRun }) {
  const { headers, sample } = run.found;
  if (sample.length === 0) return null;
  return (
    <Card title="The file as it was read">
      <section class="scroll" tabindex={0} aria-label="First rows of the file">
        <table class="tbl">
          <caption class="vh">First rows of the file</caption>
          <thead>
            <tr>
              <th scope="col">Line</th>
              {headers.map((_, index) => (
                <th scope="col">{headingWords(headers, index)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sample.map((row) => (
              <tr>
                <td class="num dim">{row.line}</td>
                {row.cells.map((cell) => (
                  <td class="nowrap">
                    <bdi>{cell}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}
