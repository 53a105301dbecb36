import type { Staff } from "#access/principal.ts";
import { type ImportKind, importKinds } from "#features/imports/import.ts";
import { kinds } from "#features/imports/import-kinds.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Choices, FileField } from "#web/ui/fields.tsx";
import { Form, type Problems } from "#web/ui/form.tsx";
import { Steps } from "#web/ui/progress.tsx";
import { Chip } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { Breakable } from "./words.tsx";

export const steps = ["Upload", "Check the columns", "Import"] as const;

type Props = {
  ui: Ui;
  staff: Staff;
  chosen: ImportKind | undefined;
  values?: Readonly<Record<string, string | readonly string[]>> | undefined;
  problems?: Problems | undefined;
};

/** Choose what is in a file, and the file. */
export function NewImportPage({ ui, staff, chosen, values, problems }: Props) {
  const form = { t, ...(values && { values }), ...(problems && { problems }) };
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Upload a file"
      lead="Nothing changes yet: first you see the file’s first rows and check its columns."
      crumbs={[{ href: "/staff/imports", label: "Imports" }]}
      problems={problems}
    >
      <Steps label="Steps of an import" steps={steps} current={0} />
      <div class="two">
        <Card pad label="Upload a file">
          <Form action="/staff/imports/new" upload>
            <Choices
              form={form}
              name="kind"
              legend="What is in the file?"
              chosen={chosen ? [chosen] : []}
              options={importKinds.map((value) => ({ value, label: kinds[value].label, hint: hintOf(value) }))}
            />
            <FileField
              form={form}
              name="file"
              label="CSV file"
              accept=".csv,.txt,.tsv,text/csv"
              hint="Headings on the first line, in UTF-8, 20 MB at most. Commas, semicolons and tabs are recognised."
            />
            <Actions>
              <Button kind="primary" icon="upload">
                Upload and check
              </Button>
            </Actions>
          </Form>
        </Card>
        <Card title="Good to know" pad>
          <ul class="prose sm">
            <li>
              Your own reference of each row ties it to what is here. A known one is updated, a new one is created.
            </li>
            <li>A column that your file doesn’t have stays as it is.</li>
            <li>Rows with a mistake are left out and listed with line, column and reason. All others go in.</li>
            <li>Nobody gets a mail because of an import.</li>
          </ul>
        </Card>
      </div>
      <Card title="What goes into each file" pad>
        <div class="stack s">
          {importKinds.map((kind) => (
            <KindDetails kind={kind} open={kind === chosen} />
          ))}
        </div>
      </Card>
    </StaffPage>
  );
}

function hintOf(kind: ImportKind): string {
  const { about, needs } = kinds[kind];
  return needs === undefined ? about : `${about} ${needs}`;
}

function KindDetails({ kind, open }: { kind: ImportKind; open: boolean }) {
  const { label, columns } = kinds[kind];
  return (
    <details class="more" open={open}>
      <summary>
        <b>{label}</b> <span class="dim">{columns.length} columns</span>
      </summary>
      <Table
        caption={`Columns of a file of ${kinds[kind].many}`}
        rows={columns}
        columns={[
          {
            head: "Column",
            cell: (column) => (
              <>
                <span class="mono">
                  <Breakable text={column.name} />
                </span>
                <Under phoneOnly>{column.label}</Under>
              </>
            ),
          },
          { head: "Is", cell: (column) => column.label, wideOnly: true },
          { head: "Must be there", cell: (column) => (column.required ? <Chip words="Required" tone="info" /> : "") },
          { head: "What to write", cell: (column) => column.hint },
        ]}
      />
      <p class="mt mb">
        <LinkButton
          small
          icon="download"
          href={`/staff/imports/templates/${kind}.csv`}
          download
          about={`for ${label.toLowerCase()}`}
        >
          Download an empty file
        </LinkButton>
      </p>
    </details>
  );
}
