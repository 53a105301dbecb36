import { z } from "zod";
import { importKinds, importStates } from "#features/imports/import.ts";
import { allBadCells, listImports, readImport } from "#features/imports/import-views.ts";
import { badRowsCsv, importsCsv, templateCsv } from "#features/imports/imports-csv.ts";
import { file } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";

const csv = "text/csv; charset=utf-8";

const template = route({
  id: "staff.imports.template",
  method: "GET",
  path: "/staff/imports/templates/:name",
  opens: "staff",
  may: "imports.read",
  params: z.object({ name: z.enum(importKinds.map((kind) => `${kind}.csv` as const)) }),
  handle: async (rq) => {
    const kind = importKinds.find((one) => rq.params.name === `${one}.csv`) ?? "customers";
    return file(templateCsv(kind), csv, rq.params.name);
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
  handle: async (rq, cx, permit) => {
    const found = await listImports(cx, permit, { ...rq.query, limit: 100_000 });
    return file(importsCsv(found.runs), csv, "imports.csv");
  },
});

const badRows = route({
  id: "staff.imports.bad-rows",
  method: "GET",
  path: "/staff/imports/:id/bad-rows.csv",
  opens: "staff",
  may: "imports.export",
  params: z.object({ id: z.string().refine((id) => isId("imp", id)) }),
  handle: async (rq, cx, permit) => {
    const run = await readImport(cx, permit, rq.params.id);
    const name = run.fileName.replace(/\.[^.]*$/, "");
    return file(badRowsCsv(await allBadCells(cx, permit, run)), csv, `${name}-bad-rows.csv`);
  },
});

// Ahead of the pages: their names would else be taken for ids.
export default [template, listExport, badRows] as Route[];
