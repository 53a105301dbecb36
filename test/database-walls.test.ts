import { readFileSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roleConnection, roleName, roleNames } from "#platform/database.ts";
import { describeSchema } from "../scripts/schema-types.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";

// What the database itself refuses, whatever the program does (access.md, "The database says no as well").
let database: TestDatabase;
let admin: pg.Client;
const runtime = roleNames.filter((role) => role !== "owner" && role !== "queue");
const ours = "('app', 'ledger', 'sandbox', 'partner')";

beforeAll(async () => {
  database = await freshDatabase();
  admin = new pg.Client({ connectionString: database.access.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

async function column(text: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(text, values);
  return rows.map((row) => row.name);
}

describe("the database says no as well", () => {
  test("no table of ours lies in schema public", async () => {
    expect(
      await column(
        "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
      ),
    ).toEqual([]);
  });

  // Which kinds of account there are is the same for everybody: ledger.account_kind holds no institution's rows.
  test("every table of app and ledger has row-level security", async () => {
    const open =
      await column(`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('app', 'ledger') and c.relkind in ('r', 'p') and not c.relrowsecurity
        and c.relname not in ('migration', 'account_kind')`);
    expect(open).toEqual([]);
  });

  test("runtime roles own nothing, inherit nothing and bypass nothing", async () => {
    for (const role of runtime) {
      const name = roleName(database.access, role);
      const { rows } = await admin.query(
        "select rolbypassrls, rolsuper, rolcreaterole, rolcreatedb, rolinherit from pg_roles where rolname = $1",
        [name],
      );
      expect(rows[0], name).toEqual({
        rolbypassrls: false,
        rolsuper: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolinherit: false,
      });
      expect(await column("select relname as name from pg_class where relowner = $1::regrole", [name])).toEqual([]);
    }
  });

  test("nobody may update, delete or truncate the ledger's entries, the audit log or receipts", async () => {
    const tables = [
      "ledger.transfer",
      "ledger.journal",
      "app.audit_entry",
      "app.audit_seal",
      "app.receipt",
      "app.receipt_payment",
      "app.books_proof",
    ];
    for (const table of tables) {
      for (const role of runtime) {
        for (const privilege of ["UPDATE", "DELETE", "TRUNCATE"]) {
          const { rows } = await admin.query("select has_table_privilege($1, $2, $3) as may", [
            roleName(database.access, role),
            table,
            privilege,
          ]);
          expect(rows[0]?.may, `${role} ${privilege} ${table}`).toBe(false);
        }
      }
    }
  });

  test("the partner roles read no table at all yet, whatever is in the catalogue", async () => {
    for (const role of ["partner", "partner_write"] as const) {
      const name = roleName(database.access, role);
      const readable = await column(
        `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ${ours} and c.relkind in ('r', 'v') and has_any_column_privilege($1, c.oid, 'SELECT')`,
        [name],
      );
      expect(readable, role).toEqual([]);
    }
  });

  test("customers and visitors have no right in the ledger's tables", async () => {
    for (const role of ["customer", "visitor"] as const) {
      const reachable = await column(
        `select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'ledger'::regnamespace
        and c.relkind = 'r' and has_any_column_privilege($1, c.oid, 'SELECT, INSERT, UPDATE')`,
        [roleName(database.access, role)],
      );
      expect(reachable, role).toEqual([]);
    }
  });

  test("every foreign key between rows of institutions carries the institution", async () => {
    const bare = await column(`select con.conrelid::regclass || '.' || con.conname as name from pg_constraint con
      where con.contype = 'f' and con.connamespace in (select oid from pg_namespace where nspname in ('app', 'ledger'))
        and con.confrelid not in ('app.institution'::regclass, 'ledger.account_kind'::regclass)
        and not exists (select from unnest(con.conkey) k join pg_attribute a on a.attrelid = con.conrelid
          and a.attnum = k where a.attname = 'institution_id')`);
    expect(bare).toEqual([]);
  });

  test("a definer function fixes its search path", async () => {
    const loose = await column(`select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n
        on n.oid = p.pronamespace
      where n.nspname in ${ours} and p.prosecdef and not coalesce(p.proconfig::text like '%search_path=%', false)`);
    expect(loose).toEqual([]);
  });

  test("without a session a role sees no rows, though they are there", async () => {
    await admin.query(
      "insert into app.institution (id, name, legal_name, created_at) values ('inst_walls', 'Walls', 'Walls', now())",
    );
    await admin.query(`insert into app.customer (institution_id, id, given_name, created_at, updated_at)
      values ('inst_walls', 'cus_walls', 'Aiko', now(), now())`);
    for (const role of ["staff", "customer", "worker", "visitor"] as const) {
      const client = new pg.Client(roleConnection(database.access, role));
      await client.connect();
      const { rows } = await client.query("select count(id)::int as seen from app.customer");
      await client.end();
      expect(rows[0]?.seen, role).toBe(0);
    }
  });

  test("src/platform/database-types.ts says what the migrations make (npm run schema writes it)", async () => {
    const written = readFileSync(new URL("../src/platform/database-types.ts", import.meta.url), "utf8");
    expect(await describeSchema(database.access.adminUrl)).toBe(written);
  });
});
