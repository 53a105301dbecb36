import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roleConnection, roleName } from "#platform/database.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { partnerColumns, partnerWrites } from "./support/partner-columns.ts";
import { partnerIds, writeAccess, writePartnerMoney } from "./support/sample-partners.ts";
import { type SampleWorld, sampleWorld } from "./support/sample-world.ts";

// What the database refuses to the partner's roles, whatever the program does (access.md 4): asked of every table and
// every column there is, as those roles, with the settings of a session absent and forged.
const roles = ["partner", "partner_write"] as const;
type Relation = { readonly name: string; readonly columns: readonly string[] };

let h: TestHouse;
let mine: SampleWorld;
let other: SampleWorld;
let relations: readonly Relation[];
const rivalMark = "WALRUSMARK";

beforeAll(async () => {
  h = await testHouse();
  mine = await sampleWorld(h, "ZEBRAMARK", "mine.example");
  other = await sampleWorld(h, "OTTERMARK", "other.example");
  await writeRival();
  const { rows } = await h.admin.query<Relation>(`
    select c.oid::regclass::text as name, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_temp%'
       and c.relkind in ('r', 'p', 'v', 'm', 'f') group by c.oid order by 1`);
  relations = rows;
});
afterAll(() => h.close());

/** Another partner of the same institution with a share of the very same payment, and rows of every kind. */
async function writeRival(): Promise<void> {
  const ids = { ...partnerIds(h), partnership: mine.partner.rival };
  const run = (text: string, values: unknown[]) => h.admin.query(text, [mine.institution, ...values]);
  const payment = mine.params["/staff/payments"]?.id ?? "";
  const around = { mark: rivalMark, host: "rival.example", payment, customer: mine.customer };
  await writeAccess(run, ids, around, h.clock.now().toString());
  await writePartnerMoney(run, ids, around, h.clock.now().toString());
}

/** Runs `work` in a transaction of the role that is rolled back, with these settings and no others. */
async function as<T>(
  role: (typeof roles)[number],
  settings: Readonly<Record<string, string>>,
  work: (ask: (text: string) => Promise<string | readonly string[]>) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(roleConnection(h.access, role));
  await client.connect();
  try {
    await client.query("begin");
    for (const [name, value] of Object.entries(settings)) {
      await client.query("select set_config($1, $2, true)", [`portico.${name}`, value]);
    }
    return await work(async (text) => {
      await client.query("savepoint here");
      try {
        return (await client.query<{ row: string }>(text)).rows.map(({ row }) => row);
      } catch (error) {
        await client.query("rollback to here");
        return (error as { code?: string }).code ?? "no code";
      }
    });
  } finally {
    await client.end();
  }
}

const forged = () => ({
  institution: mine.institution,
  partnership: mine.partner.partnership,
  contact: mine.partner.contact,
  email: `sam@${mine.host}`,
});

async function columnsWith(role: (typeof roles)[number], privilege: string): Promise<Record<string, string>> {
  const { rows } = await h.admin.query<{ name: string; columns: string }>(
    `select c.oid::regclass::text as name, string_agg(a.attname, ' ' order by a.attname) as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and has_column_privilege($1, c.oid, a.attnum, $2) group by c.oid order by 1`,
    [roleName(h.access, role), privilege],
  );
  return Object.fromEntries(rows.map(({ name, columns }) => [name, columns]));
}

const sorted = (list: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(list).map(([name, columns]) => [name, columns.trim().split(/\s+/).sort().join(" ")]),
  );

describe("what the partner's roles may touch is a list, and the list is this one", () => {
  test("P9: columns that may be read, of every table and view in the catalogue", async () => {
    expect(await columnsWith("partner", "SELECT")).toEqual(sorted(partnerColumns));
    expect(await columnsWith("partner_write", "SELECT")).toEqual(sorted({ ...partnerColumns, ...partnerWrites.reads }));
  });

  test("columns that may be written: by the one nothing, by the other what begins something", async () => {
    for (const privilege of ["INSERT", "UPDATE", "REFERENCES"]) {
      expect(await columnsWith("partner", privilege), privilege).toEqual({});
    }
    expect(Object.keys(await columnsWith("partner_write", "INSERT"))).toEqual([...partnerWrites.inserts].sort());
    expect(await columnsWith("partner_write", "UPDATE")).toEqual(sorted(partnerWrites.updates));
    for (const role of roles) {
      const { rows } = await h.admin.query(
        `select c.oid::regclass::text as name from pg_class c where c.relkind in ('r', 'p', 'v')
            and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
            and (has_table_privilege($1, c.oid, 'DELETE') or has_table_privilege($1, c.oid, 'TRUNCATE'))`,
        [roleName(h.access, role)],
      );
      expect(rows, role).toEqual([]);
    }
  });

  test("every view of schema partner is read with the reader's own rights, and holds no table", async () => {
    const { rows } = await h.admin.query<{ name: string; kind: string; options: string | null }>(
      `select relname as name, relkind as kind, reloptions::text as options from pg_class
        where relnamespace = 'partner'::regnamespace and relkind not in ('i', 'S')`,
    );
    expect(rows.length).toBeGreaterThan(10);
    for (const { name, kind, options } of rows) expect([kind, options], name).toEqual(["v", "{security_invoker=true}"]);
  });

  test("functions that they may call with another's rights are few, and each is known", async () => {
    for (const role of roles) {
      const { rows } = await h.admin.query<{ name: string }>(
        `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname not in ('pg_catalog', 'information_schema') and p.prosecdef
            and has_function_privilege($1, p.oid, 'EXECUTE') order by 1`,
        [roleName(h.access, role)],
      );
      const expected = role === "partner" ? partnerWrites.definers.partner : partnerWrites.definers.partner_write;
      expect(rows.map(({ name }) => name)).toEqual([...expected].sort());
    }
  });
});

describe.each(roles)("connecting as %s", (role) => {
  test("P9: every column that is not on the list is refused, settings forged or not", async () => {
    const listed = sorted({ ...partnerColumns, ...(role === "partner_write" ? partnerWrites.reads : {}) });
    let refused = 0;
    for (const settings of [{}, forged()]) {
      await as(role, settings, async (ask) => {
        for (const { name, columns } of relations) {
          const readable = (listed[name] ?? "").split(" ");
          for (const column of columns.filter((one) => !readable.includes(one))) {
            expect(await ask(`select "${column}"::text as row from ${name}`), `${name}.${column}`).toBe("42501");
            refused += 1;
          }
          if (listed[name] === undefined) expect(await ask(`select 1::text as row from ${name}`), name).toBe("42501");
        }
      });
    }
    expect(refused).toBeGreaterThan(500);
    for (const secret of ["app.discount", "ledger.transfer", "ledger.account", "app.allocation", "app.refund"]) {
      expect(listed[secret], secret).toBeUndefined();
      expect(relations.map(({ name }) => name)).toContain(secret);
    }
  });

  test("P9: without a session every table on the list is empty; with one it holds the partner's own rows", async () => {
    const listed = Object.entries({ ...partnerColumns, ...(role === "partner_write" ? partnerWrites.reads : {}) });
    const read = (settings: Readonly<Record<string, string>>) =>
      as(role, settings, async (ask) => {
        const found = new Map<string, string>();
        for (const [name, columns] of listed) {
          const list = columns
            .trim()
            .split(/\s+/)
            .map((column) => `"${column}"`);
          const rows = await ask(`select row(${list.join(", ")})::text as row from ${name}`);
          expect(Array.isArray(rows), `${name}: ${String(rows)}`).toBe(true);
          found.set(name, [...rows].join("\n"));
        }
        return found;
      });
    // The words that a country's law wants are the same for everybody.
    const common = ["app.country_wording", "partner.country_wording"];
    for (const settings of [{}, { institution: mine.institution }, { partnership: mine.partner.partnership }]) {
      for (const [name, rows] of await read(settings)) {
        const institutions =
          "institution" in settings
            ? /^(app\.institution|app\.channel_product|app\.rate_limit|partner\.(institution|method))$/
            : /^$/;
        if (!common.includes(name) && !institutions.test(name)) expect(rows, name).toBe("");
      }
    }
    const own = await read(forged());
    const strange = [rivalMark, mine.partner.rival, "rival.example", other.mark, other.institution, other.host];
    for (const [name, rows] of own) {
      for (const word of strange) expect(rows.includes(word), `${name} shows ${word}`).toBe(false);
    }
    for (const name of [
      "app.share",
      "app.payout",
      "app.payout_line",
      "app.invoice",
      "app.bank_account",
      "app.contact",
    ]) {
      expect(own.get(name), name).not.toBe("");
    }
    for (const name of ["partner.share", "partner.payout", "partner.customer", "partner.invoice", "partner.contact"]) {
      expect(own.get(name), name).not.toBe("");
    }
  });

  test("a forged institution with one's own partnership, or the reverse, opens nothing", async () => {
    const settings = { ...forged(), institution: other.institution };
    const reverse = { ...forged(), partnership: other.partner.partnership };
    for (const wrong of [settings, reverse]) {
      await as(role, wrong, async (ask) => {
        for (const name of [
          "app.share",
          "app.payout",
          "app.invoice",
          "app.customer",
          "app.payment",
          "app.bank_account",
        ]) {
          const column = name === "app.share" ? "net_minor" : "id";
          expect(await ask(`select ${column}::text as row from ${name}`), name).toEqual([]);
        }
      });
    }
  });

  test("takes no part in another role: neither by SET ROLE nor by a session of its own making", async () => {
    await as(role, forged(), async (ask) => {
      for (const to of ["staff", "customer", "worker", "visitor", "owner"] as const) {
        expect(await ask(`set role "${roleName(h.access, to)}"`), to).toBe("42501");
      }
      expect(await ask("select count(*)::text as row from app.open_staff_session('x', now())")).toBe("42501");
      expect(await ask("select count(*)::text as row from app.open_customer_session('x', now())")).toBe("42501");
      expect(await ask("select count(*)::text as row from app.open_system('x')")).toBe("42501");
    });
  });
});

test("as partner_write: nothing is begun in another's name, ended early, or settled", async () => {
  const { institution, partner } = mine;
  const at = "now(), now()";
  const checkout = (id: string, partnership: string, state: string) => `insert into app.checkout (institution_id, id,
    partnership_id, currency, total_minor, state, created_by, created_at, updated_at)
    values ('${institution}', '${id}', '${partnership}', 'AUD', 100, '${state}', 'x', ${at})`;
  const account = (partnership: string, state: string, by: string) => `insert into app.bank_account (institution_id, id,
    partnership_id, currency, holder_name, sealed, last4, state, proposed_by_kind, proposed_by, created_at)
    values ('${institution}', 'bac_${state}_${by}', '${partnership}', 'USD', 'x', 'x', '1234', '${state}', '${by}', 'x',
      now())`;
  const entry = (kind: string, id: string) => `insert into app.audit_entry (institution_id, id, at, actor_kind,
    actor_id, actor_name, event) values ('${institution}', 'aud_${kind}_${id}', now(), '${kind}', '${id}', 'x', 'x')`;
  const link = (
    purpose: string,
    face: string,
    email: string,
  ) => `insert into app.sign_in_link (institution_id, id, face,
    purpose, email, token_hash, code_hash, browser_hash, created_at, expires_at)
    values ('${institution}', 'lnk_${purpose}_${face}_${email}', '${face}', '${purpose}', '${email}',
      '${purpose} ${face} ${email}', 'x', 'x', ${at})`;
  const news = (event: string) => `insert into app.outbox (institution_id, id, event, subject, created_at)
    values ('${institution}', 'out_${event}', '${event}', 'x', now())`;
  const mail = `sam@${mine.host}`;
  await as("partner_write", forged(), async (ask) => {
    const cases: readonly (readonly [string, "done" | "refused"])[] = [
      [checkout("chk_own", partner.partnership, "open"), "done"],
      [checkout("chk_paid", partner.partnership, "paid"), "refused"],
      [checkout("chk_rival", partner.rival, "open"), "refused"],
      [account(partner.partnership, "in_review", "partner"), "done"],
      [account(partner.partnership, "active", "partner"), "refused"],
      [account(partner.partnership, "in_review", "staff"), "refused"],
      [account(partner.rival, "in_review", "partner"), "refused"],
      [entry("partner", partner.contact), "done"],
      [entry("partner", "con_other"), "refused"],
      [entry("staff", partner.contact), "refused"],
      [news("bank-details.proposed"), "done"],
      [news("partner.credited"), "refused"],
      [news("payment.paid"), "refused"],
      [`update app.invoice set state = 'paid' where id = '${partner.selfBilled}'`, "refused"],
      [link("step_up", "partner", mail), "done"],
      [link("sign_in", "partner", mail), "refused"],
      [link("set_password", "staff", mail), "refused"],
      [link("step_up", "partner", "sam@other.example"), "refused"],
    ];
    for (const [text, outcome] of cases) {
      const came = await ask(text);
      expect(Array.isArray(came) ? "done" : came === "42501" ? "refused" : came, text).toBe(outcome);
    }
    // A made-up proof: the link is not spent in this very transaction.
    expect(await ask(`select app.prove_session('lnk_step_up_partner_${mail}', now())::text as row`)).toEqual(["false"]);
  });
});
