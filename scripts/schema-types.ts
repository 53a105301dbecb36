import pg from "pg";

type Column = {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  generated: boolean;
  defaulted: boolean;
};

const types: Readonly<Record<string, string>> = {
  text: "string",
  int4: "number",
  int8: "bigint",
  bool: "boolean",
  timestamptz: "Instant",
  date: "PlainDate",
  bytea: "Buffer",
  jsonb: "Json",
  uuid: "string",
  _text: "string[]",
  _int4: "number[]",
};

/**
 * The TypeScript description of every table of ours in the database behind `url`: what `src/platform/database-types.ts`
 * holds. A column whose CHECK lists its values becomes a union of them. Throws on a column type it doesn't know.
 */
export async function describeSchema(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const columns = await client.query<Column>(`
      select n.nspname || '.' || c.relname as "table", a.attname as "column", t.typname as "type",
        not a.attnotnull as nullable, (a.attidentity = 'a' or a.attgenerated <> '') as generated,
             (a.atthasdef or a.attidentity = 'd') as defaulted
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_type t on t.oid = a.atttypid
       where n.nspname in ('app', 'ledger', 'partner', 'sandbox') and c.relkind in ('r', 'v') and a.attnum > 0
         and not a.attisdropped
         and c.relname <> 'migration'
       order by n.nspname, c.relname collate "C", a.attnum`);
    const checks = await client.query<{ table: string; definition: string }>(`
      select conrelid::regclass::text as "table", pg_get_constraintdef(oid) as definition
        from pg_constraint where contype = 'c'`);
    return render(columns.rows, unions(checks.rows));
  } finally {
    await client.end();
  }
}

function unions(checks: readonly { table: string; definition: string }[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { table, definition } of checks) {
    const match = /^CHECK \(\((\w+) = ANY \(ARRAY\[([^\]]+)\]\)\)\)$/.exec(definition);
    const single = /^CHECK \(\((\w+) = '(\w+)'::text\)\)$/.exec(definition);
    if (match)
      found.set(
        `${table}.${match[1]}`,
        [...(match[2] ?? "").matchAll(/'([^']+)'/g)].map((m) => `"${m[1]}"`).join(" | "),
      );
    else if (single) found.set(`${table}.${single[1]}`, `"${single[2]}"`);
  }
  return found;
}

function render(columns: readonly Column[], values: ReadonlyMap<string, string>): string {
  const tables = Map.groupBy(columns, (column) => column.table);
  const names = [...tables.keys()];
  const lines = [
    "// Written by `npm run schema` from the migrations; a test compares it with the database.",
    "// Change a migration instead.",
    'import type { ColumnType, Generated } from "kysely";',
    'import type { Instant, PlainDate } from "#kernel/time.ts";',
    "",
    "export type Json = ColumnType<unknown, string, string>;",
    "type Always<T> = ColumnType<T, never, never>;",
    "",
  ];
  for (const name of names) {
    lines.push(`export type ${typeName(name)} = {`);
    for (const column of tables.get(name) ?? []) lines.push(`  ${column.column}: ${columnType(column, values)};`);
    lines.push("};", "");
  }
  lines.push("export type DB = {", ...names.map((name) => `  "${name}": ${typeName(name)};`), "};", "");
  return lines.join("\n");
}

function columnType(column: Column, values: ReadonlyMap<string, string>): string {
  const known = types[column.type];
  if (!known)
    throw new Error(`${column.table}.${column.column} is of type ${column.type}: teach scripts/schema-types.ts`);
  const base = (values.get(`${column.table}.${column.column}`) ?? known) + (column.nullable ? " | null" : "");
  if (column.generated) return `Always<${base}>`;
  return column.defaulted && !column.nullable ? `Generated<${base}>` : base;
}

function typeName(table: string): string {
  return table
    .split(/[._]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}
