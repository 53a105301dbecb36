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

  test("what a transfer, a proposal, a quote, a wallet or a member is about is nobody's to change", async () => {
    const fixed: Readonly<Record<string, string>> = {
      transfer:
        "partnership_id key digest wallet_id to_wallet_id bank_account_id currency minor fee_minor requested_by",
      transfer_quote:
        "partnership_id member_id wallet_id to_wallet_id bank_account_id currency minor fee_minor expires_at",
      wallet_adjustment: "wallet_id partnership_id currency minor reason key proposed_by",
      wallet: "partnership_id number currency purpose",
      tariff: "purpose currency route from_date minimum_minor maximum_minor",
      tariff_tier: "from_minor fixed_minor rate_bps",
      member: "partnership_id email",
      invitation: "partnership_id email role member_id",
    };
    for (const [table, names] of Object.entries(fixed)) {
      const may = await column(
        `select r || ' ' || c as name from unnest($1::text[]) r, unnest($2::text[]) c
          where has_column_privilege(r, $3, c, 'UPDATE') order by 1`,
        [runtime.map((role) => roleName(database.access, role)), names.split(" "), `app.${table}`],
      );
      expect(may, table).toEqual([]);
    }
  });

  // What the partner's roles may touch has a test file of its own: partner-walls.test.ts.
  test("no function of ours is anybody's to call: each is granted by name", async () => {
    const open = await column(
      `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ${ours} and (p.proacl is null or exists (
          select from aclexplode(p.proacl) a where a.grantee = 0 and a.privilege_type = 'EXECUTE')) order by 1`,
    );
    expect(open).toEqual([]);
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
        and con.confrelid not in ('app.institution'::regclass, 'app.country_wording'::regclass,
          'ledger.account_kind'::regclass)
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

  test("a customer's role begins checkouts and attempts, and neither ends nor forges any", async () => {
    const at = "now(), now()";
    await admin.query(`insert into app.institution (id, name, legal_name, created_at)
        values ('inst_c', 'C', 'C', now());
      insert into app.customer (institution_id, id, given_name, created_at, updated_at)
        values ('inst_c', 'cus_a', 'Aiko', ${at}), ('inst_c', 'cus_b', 'Ben', ${at});
      insert into app.payment (institution_id, id, customer_id, item, list_minor, currency, due_date, created_at,
        updated_at) values ('inst_c', 'pay_a', 'cus_a', 'A', 100, 'AUD', '2026-12-05', ${at}),
          ('inst_c', 'pay_b', 'cus_b', 'B', 100, 'AUD', '2026-12-05', ${at});
      insert into app.channel_product (institution_id, id, provider, kind, name, currencies, created_at)
        values ('inst_c', 'chp_c', 'sandbox', 'card', 'Card', '{AUD}', now());
      insert into app.checkout (institution_id, id, customer_id, currency, total_minor, created_by, created_at,
        updated_at) values ('inst_c', 'chk_b', 'cus_b', 'AUD', 100, 'customer', ${at})`);
    const client = new pg.Client(roleConnection(database.access, "customer"));
    await client.connect();
    await client.query("begin");
    await client.query("select set_config('portico.institution', 'inst_c', true), set_config($1, $2, true)", [
      "portico.customer",
      "cus_a",
    ]);
    const outcome = async (text: string): Promise<string> => {
      await client.query("savepoint here");
      try {
        await client.query(text);
        return "done";
      } catch (error) {
        await client.query("rollback to here");
        return (error as { code?: string }).code ?? "";
      }
    };
    const checkout = (
      id: string,
      state: string,
    ) => `insert into app.checkout (institution_id, id, customer_id, currency,
      total_minor, state, created_by, created_at, updated_at)
      values ('inst_c', '${id}', 'cus_a', 'AUD', 100, '${state}', 'customer', ${at})`;
    const item = (payment: string) => `insert into app.checkout_item (institution_id, checkout_id, payment_id, minor)
      values ('inst_c', 'chk_a', '${payment}', 100)`;
    const attempt = (id: string, of: string, state: string) => `insert into app.payment_attempt (institution_id, id,
      checkout_id, customer_id, channel_product_id, provider, reference, state, currency, minor, created_at, updated_at)
      values ('inst_c', '${id}', '${of}', 'cus_a', 'chp_c', 'sandbox', '${id}', '${state}', 'AUD', 100, ${at})`;
    const entry = (kind: string, id: string) => `insert into app.audit_entry (institution_id, id, at, actor_kind,
      actor_id, actor_name, event) values ('inst_c', 'aud_${kind}_${id}', now(), '${kind}', '${id}', 'x', 'x')`;
    const refused = "42501";
    expect(await outcome(checkout("chk_a", "open"))).toBe("done");
    expect(await outcome(checkout("chk_p", "paid"))).toBe(refused);
    expect(await outcome(item("pay_a"))).toBe("done");
    expect(await outcome(item("pay_b"))).toBe(refused);
    expect(await outcome(attempt("att_a", "chk_a", "pending"))).toBe("done");
    expect(await outcome(attempt("att_s", "chk_a", "succeeded"))).toBe(refused);
    expect(await outcome(attempt("att_b", "chk_b", "pending"))).toBe(refused);
    expect(await outcome(entry("customer", "cus_a"))).toBe("done");
    expect(await outcome(entry("customer", "cus_b"))).toBe(refused);
    expect(await outcome(entry("staff", "stf_x"))).toBe(refused);
    expect(await outcome("insert into app.outbox (institution_id, id) values ('inst_c', 'out_a')")).toBe(refused);
    await client.query("rollback");
    await client.end();
  });

  test("a customer's role reads how much a discount is, and neither why nor who gave it", async () => {
    const readable = await column(
      `select attname as name from pg_attribute where attrelid = 'app.discount'::regclass and attnum > 0
        and not attisdropped and has_column_privilege($1, attrelid, attnum, 'SELECT') order by attname`,
      [roleName(database.access, "customer")],
    );
    expect(readable).toEqual(["institution_id", "minor", "payment_id"]);
  });

  test("the visitor's role reads no second factor and changes no role, address or name of anybody", async () => {
    const name = roleName(database.access, "visitor");
    const may = async (table: string, privilege: string) =>
      await column(
        `select attname as name from pg_attribute where attrelid = $2::regclass and attnum > 0 and not attisdropped
          and has_column_privilege($1, attrelid, attnum, $3) order by attname`,
        [name, table, privilege],
      );
    expect(await may("app.staff_member", "UPDATE")).toEqual(["password_changed_at", "password_hash"]);
    expect(await may("app.staff_member", "SELECT")).not.toContain("totp_sealed");
    expect(await may("app.recovery_code", "SELECT")).toEqual([]);
    expect(await may("app.session", "UPDATE")).toEqual(["ended_at", "ended_why"]);
    expect(await may("app.institution", "UPDATE")).not.toContain("host");
  });

  test("src/platform/database-types.ts says what the migrations make (npm run schema writes it)", async () => {
    const written = readFileSync(new URL("../src/platform/database-types.ts", import.meta.url), "utf8");
    expect(await describeSchema(database.access.adminUrl)).toBe(written);
  });
});
