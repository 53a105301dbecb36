import { z } from "zod";
import { type BadCell, importKinds, importStates } from "#features/imports/import.ts";
import { listBadCells, listImports, readImport } from "#features/imports/import-views.ts";
import {
  badRowCells,
  badRowHeadings,
  importCells,
  importHeadings,
  templateCsv,
} from "#features/imports/imports-csv.ts";
import { file } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { csvMediaType } from "#platform/csv-write.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";

const template = route({
  id: "staff.imports.template",
  method: "GET",
  path: "/staff/imports/templates/:name",
  opens: "staff",
  may: "imports.read",
  params: z.object({ name: z.enum(importKinds.map((kind) => `${kind}.csv` as const)) }),
  handle: async (rq) => {
    const kind = importKinds.find((one) => rq.params.name === `${one}.csv`) ?? "customers";
    return file(templateCsv(kind), csvMediaType, rq.params.name);
  },
});

const listExport = route({
  id: "staff.imports.export",
  method: "GET",
  path: "/staff/imports/export.csv",
  opens: "staff",
  may: "imports.export",
  query: z.object({
    kind: z.enum(importKinds).optional().catch(undefined),
    state: z.enum(importStates).optional().catch(undefined),
  }),
  outside: (rq, tx) =>
    csvDownload("imports.csv", importHeadings, (before: string | undefined) =>
      tx(async (cx, may) => {
        const { runs, older } = await listImports(cx, may, { ...rq.query, before, limit: exportPageSize });
        return { rows: runs.map(importCells), next: older ? runs.at(-1)?.id : undefined };
      }),
    ),
});

const badRows = route({
  id: "staff.imports.bad-rows",
  method: "GET",
  path: "/staff/imports/:id/bad-rows.csv",
  opens: "staff",
  may: "imports.export",
  params: z.object({ id: z.string().refine((id) => isId("imp", id)) }),
  outside: async (rq, tx) => {
    const run = await tx((cx, may) => readImport(cx, may, rq.params.id));
    const name = `${run.fileName.replace(/\.[^.]*$/, "")}-bad-rows.csv`;
    return await csvDownload(name, badRowHeadings, (after: BadCell | undefined) =>
      tx(async (cx, may) => {
        const { cells, more } = await listBadCells(cx, may, run, after, exportPageSize);
        return { rows: cells.map(badRowCells), next: more ? cells.at(-1) : undefined };
      }),
    );
  },
});

// Ahead of the pages: their names would else be taken for ids.
export default [template, listExport, badRows] as Route[];
