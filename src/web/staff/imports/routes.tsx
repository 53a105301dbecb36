import { z } from "zod";
import { examineFile } from "#features/imports/examine-file.ts";
import { importKinds, importStates, largestFileBytes } from "#features/imports/import.ts";
import { kinds } from "#features/imports/import-kinds.ts";
import { listBadCells, listImports, readImport } from "#features/imports/import-views.ts";
import { matchColumns } from "#features/imports/match-columns.ts";
import { receiveImport, storageKeyOf } from "#features/imports/receive-import.ts";
import { startImport } from "#features/imports/start-import.ts";
import { suggestKind } from "#features/imports/suggest-kind.ts";
import { page, seeOther } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { isId, newId } from "#kernel/ids.ts";
import { Problem } from "#kernel/problem.ts";
import { can } from "#web/staff/shared.tsx";
import { ImportListPage } from "./list-page.tsx";
import { MatchPage } from "./match-page.tsx";
import { NewImportPage } from "./new-page.tsx";
import { Live, RunPage } from "./run-page.tsx";

const badRowsOnPage = 100;

export const importParams = z.object({ id: z.string().refine((id) => isId("imp", id)) });
const kindQuery = z.object({ kind: z.enum(importKinds).optional().catch(undefined) });
const listQuery = kindQuery.extend({
  state: z.enum(importStates).optional().catch(undefined),
  before: z.string().optional(),
  after: z.string().optional(),
});

const list = route({
  id: "staff.imports.list",
  method: "GET",
  path: "/staff/imports",
  opens: "staff",
  may: "imports.read",
  query: listQuery,
  handle: async (rq, cx, permit) => {
    const staff = cx.principal;
    const found = await listImports(cx, permit, { ...rq.query, limit: 50 });
    const { kind, state } = rq.query;
    const [mayRun, mayExport] = [can(staff, "imports.run"), can(staff, "imports.export")];
    return page(
      <ImportListPage
        ui={rq.ui}
        staff={staff}
        page={found}
        query={{ kind, state }}
        mayRun={mayRun}
        mayExport={mayExport}
      />,
    );
  },
});

const fresh = route({
  id: "staff.imports.new",
  method: "GET",
  path: "/staff/imports/new",
  opens: "staff",
  may: "imports.run",
  query: kindQuery,
  handle: async (rq, cx) => page(<NewImportPage ui={rq.ui} staff={cx.principal} chosen={rq.query.kind} />),
});

const upload = route({
  id: "staff.imports.upload",
  method: "POST",
  path: "/staff/imports/new",
  opens: "staff",
  may: "imports.run",
  uploadBytes: largestFileBytes,
  form: z.object({ kind: z.enum(importKinds, "Choose what is in the file.") }),
  outside: async (rq, tx) => {
    const { file, house } = rq;
    if (!file)
      throw new Problem("form.invalid", "Choose a file.", {
        fields: { file: "Choose a CSV file from your computer." },
      });
    const { found, rows } = await examineFile(file.bytes);
    const id = newId("imp", house.clock.now(), house.random);
    const storageKey = storageKeyOf(rq.ui.institution.id, id);
    await house.storage.put(storageKey, file.bytes, "text/csv");
    try {
      const received = {
        id,
        kind: rq.form.kind,
        fileName: file.name,
        bytes: file.bytes.length,
        storageKey,
        found,
        rows,
      };
      await tx((cx, permit) => receiveImport(cx, permit, received));
    } catch (error) {
      await house.storage.remove(storageKey);
      throw error;
    }
    return seeOther(`/staff/imports/${id}`);
  },
  again: async (rq, cx, _permit, failed) =>
    page(
      <NewImportPage
        ui={rq.ui}
        staff={cx.principal}
        chosen={undefined}
        values={failed.typed}
        problems={failed.errors}
      />,
    ),
});

const one = route({
  id: "staff.imports.show",
  method: "GET",
  path: "/staff/imports/:id",
  opens: "staff",
  may: "imports.read",
  params: importParams,
  query: z.object({
    line: z.coerce
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .optional()
      .catch(undefined),
    column: z.string().catch(""),
  }),
  handle: async (rq, cx, permit) => {
    const { ui } = rq;
    const staff = cx.principal;
    const run = await readImport(cx, permit, rq.params.id);
    const mayRun = can(staff, "imports.run");
    if (run.state === "uploaded") {
      const matched = matchColumns(kinds[run.kind].columns, run.found.headers);
      const rather = suggestKind(run);
      return page(<MatchPage ui={ui} staff={staff} run={run} matched={matched} rather={rather} mayRun={mayRun} />);
    }
    const { line, column } = rq.query;
    const after = line === undefined ? undefined : { line, column };
    const bad = await listBadCells(cx, permit, run, after, badRowsOnPage);
    const mayExport = can(staff, "imports.export");
    return page(
      <RunPage ui={ui} staff={staff} run={run} bad={bad} further={!!after} mayRun={mayRun} mayExport={mayExport} />,
    );
  },
});

const start = route({
  id: "staff.imports.start",
  method: "POST",
  path: "/staff/imports/:id",
  opens: "staff",
  may: "imports.run",
  params: importParams,
  form: z.record(z.string(), z.string().max(10)),
  handle: async (rq, cx, permit) => {
    await startImport(cx, permit, rq.params.id, rq.form);
    return seeOther(`/staff/imports/${rq.params.id}`);
  },
  again: async (rq, cx, permit, failed) => {
    const run = await readImport(cx, permit, rq.params.id);
    // Started in another tab meanwhile: its own page says how far it is.
    if (run.state !== "uploaded") return seeOther(`/staff/imports/${run.id}`);
    const matched = matchColumns(kinds[run.kind].columns, run.found.headers);
    const again = { values: failed.typed, problems: failed.errors };
    return page(
      <MatchPage
        ui={rq.ui}
        staff={cx.principal}
        run={run}
        matched={matched}
        rather={suggestKind(run)}
        mayRun
        {...again}
      />,
    );
  },
});

const progress = route({
  id: "staff.imports.progress",
  method: "GET",
  path: "/staff/imports/:id/progress",
  opens: "staff",
  may: "imports.read",
  params: importParams,
  handle: async (rq, cx, permit) => {
    const run = await readImport(cx, permit, rq.params.id);
    const live = run.state === "queued" || run.state === "running";
    const body = live ? String(await (<Live run={run} />)) : "";
    // The page draws itself anew once there is a result to show.
    const headers = live ? undefined : { "hx-refresh": "true" };
    return { kind: "text", body, status: 200, mediaType: "text/html; charset=utf-8", ...(headers && { headers }) };
  },
});

export default [list, fresh, upload, one, start, progress];
