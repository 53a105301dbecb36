import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BooksLaw, booksLaws, proveBooks } from "#features/books/books.ts";
import { lastProof } from "#features/books/books-store.ts";
import { proveBooksNightly } from "#features/books/prove-books.ts";
import { builderOf, openPools } from "#platform/database.ts";
import { silentLog } from "#platform/log.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { liveAWhile } from "./support/books.ts";
import { type TestGround, testGround } from "./support/ground.ts";

let ground: TestGround;
let admin: pg.Client;

beforeAll(async () => {
  ground = await testGround();
  admin = new pg.Client({ connectionString: ground.adminUrl });
  await admin.connect();
  await liveAWhile(ground);
});
afterAll(async () => {
  await admin.end();
  await ground.end();
});

/**
 * The laws that break, with the rows named, when a superuser changes this behind everybody's back. Nothing of it
 * stays.
 */
async function brokenBy(...tampering: string[]): Promise<Map<string, string[]>> {
  return await inTx(ground, ground.system, async (cx: Cx) => {
    await admin.query("begin; set local session_replication_role = replica");
    try {
      for (const statement of tampering) {
        const { rowCount } = await admin.query(statement);
        if (rowCount !== null) expect(rowCount, statement).toBe(1);
      }
      const { broken } = await proveBooks({ ...cx, db: builderOf(admin) });
      return new Map(
        [...Map.groupBy(broken, (row) => row.law)].map(([law, rows]) => [law, rows.map((one) => one.row)]),
      );
    } finally {
      await admin.query("rollback");
    }
  });
}

const flowOf = (kind: string, which: "min" | "max") => `(t.journal_id, t.line) = (
  select x.journal_id, x.line from ledger.transfer x join ledger.account a on a.id = x.debit_id
   where a.kind = '${kind}' order by x.journal_id ${which === "max" ? "desc" : ""}, x.line limit 1)`;
const pick = (table: string, condition: string) => `id = (select id from app.${table} where ${condition} limit 1)`;

/** For each law a row to tamper with, and what `books:verify` must call it. */
const tampering: Readonly<Record<BooksLaw, readonly [named: RegExp, ...statements: string[]]>> = {
  "zero-sum": [/all of AUD/, "update ledger.account set balance = balance + 1 where kind = 'income'"],
  "balance-is-flows": [
    /ledger\.account \d+ \(income, AUD\)/,
    "update ledger.account set balance = balance + 1 where kind = 'income'",
  ],
  "balance-after": [
    /ledger\.transfer journal \d+ line \d+/,
    `update ledger.transfer t set debit_after = debit_after - 1 where ${flowOf("bank", "min")}`,
  ],
  "no-gaps": [/ledger\.transfer journal \d+ line \d+/, `delete from ledger.transfer t where ${flowOf("bank", "min")}`],
  "time-forwards": [
    /ledger\.transfer journal \d+ line \d+/,
    `update ledger.transfer t set created_at = created_at - interval '1 day' where ${flowOf("bank", "max")}`,
  ],
  minimum: [
    /ledger\.account \d+ \(unmatched, AUD\)/,
    "alter table ledger.account drop constraint account_not_under_minimum",
    "update ledger.account set min_balance = 1000 where kind = 'unmatched'",
  ],
  holds: [
    /ledger\.account \d+ \(customer:cus_\w+, AUD\)/,
    "delete from ledger.hold where state = 'open' and amount = 12000",
  ],
  "one-key": [
    /ledger\.journal \d+/,
    "alter table ledger.journal drop constraint journal_key",
    `insert into ledger.journal
       select institution_id, nextval('ledger.journal_id'), key, digest, kind, reference, created_at
         from ledger.journal limit 1`,
  ],
  "whole-journals": [
    /ledger\.journal \d+/,
    "delete from ledger.journal where kind = 'money.received' and id = (select min(id) from ledger.journal)",
  ],
  "as-asked": [
    /ledger\.journal \d+/,
    "update ledger.journal set reference = 'pay_other' where kind = 'payment.refunded'",
  ],
  "one-currency": [
    /ledger\.transfer journal \d+ line \d+/,
    `update ledger.transfer t set currency = 'EUR' where ${flowOf("bank", "max")}`,
  ],
  unchangeable: [
    /trigger unchangeable on ledger\.transfer/,
    "alter table ledger.transfer disable trigger unchangeable",
  ],
  "money-arrived": [
    /app\.money_received rcv_\w+/,
    `update app.money_received set minor = minor + 1 where ${pick("money_received", "state = 'matched'")}`,
  ],
  "money-held": [
    /ledger\.account \d+ \(provider:sandbox AUD\)/,
    "delete from app.money_received where provider = 'sandbox'",
  ],
  "money-unmatched": [
    /ledger\.account \d+ \(unmatched AUD\)/,
    "update app.money_received set state = 'matched' where state = 'unmatched'",
  ],
  "payments-allocated": [
    /app\.payment pay_\w+/,
    "update app.payment set paid_minor = paid_minor - 1 where state = 'partially_paid'",
  ],
  "payments-settled": [
    /app\.payment pay_\w+/,
    `update app.payment set state = 'open' where ${pick("payment", "state = 'paid'")}`,
  ],
  "customers-money": [
    /ledger\.account \d+ \(customer:cus_\w+ AUD\)/,
    "update app.allocation set minor = minor + 1 where minor = 12000",
  ],
  "shares-earned": [
    /ledger\.account \d+ \(partner:prt_\w+ AUD\)/,
    "update app.share set reversed_minor = reversed_minor + 1 where reversed_minor > 0",
  ],
  "shares-reversed": [
    /app\.share shr_\w+/,
    `update app.share_reversal set net_minor = net_minor + 1 where ${pick("share_reversal", "true")}`,
  ],
  "refunds-booked": [/app\.payment pay_\w+/, "update app.refund set cash_minor = cash_minor + 1"],
  "payouts-in-transit": [
    /ledger\.account \d+ \(payouts_in_transit AUD\)/,
    "update app.payout_attempt set minor = minor + 1",
  ],
  "payouts-booked": [/app\.payout_attempt pat_\w+/, "update app.payout_attempt set state = 'succeeded'"],
  "payout-lines": [/app\.payout pyo_\w+/, "delete from app.payout_line where kind = 'reversal'"],
  "payout-shares": [
    /app\.share shr_\w+/,
    `update app.share set state = 'earned' where ${pick("share", "state = 'in_payout'")}`,
  ],
  "discounts-given": [/ledger\.account \d+ \(discounts_given AUD\)/, "update app.discount set minor = minor + 1"],
  "wallets-kept": [/app\.wallet wal_\w+/, "update app.wallet set state = 'frozen' where purpose = 'reserve'"],
  "adjustments-booked": [/app\.wallet_adjustment adj_\w+/, "update app.wallet_adjustment set minor = minor + 1"],
  "payouts-to-wallets": [
    /app\.payout pyo_\w+/,
    `update app.payout set wallet_id = (select id from app.wallet where purpose = 'reserve')
      where wallet_id is not null`,
  ],
  "wallets-money": [
    /ledger\.account \d+ \(wallet:wal_\w+ AUD\)/,
    "update app.transfer set minor = minor + 1 where state = 'completed'",
  ],
  "transfers-held": [
    /ledger\.account \d+ \(wallet:wal_\w+ AUD\)/,
    "update app.transfer set fee_minor = fee_minor + 1 where state = 'pending_approval'",
  ],
  "transfers-booked": [/app\.transfer trf_\w+/, "update app.transfer set state = 'failed' where state = 'completed'"],
  "transfers-exact": [
    /app\.transfer trf_\w+/,
    "update app.transfer set minor = minor - 1, fee_minor = fee_minor + 1 where state = 'completed'",
  ],
  "fees-charged": [
    /ledger\.account \d+ \(income_fees AUD\)/,
    "update app.transfer set fee_minor = fee_minor + 1 where state = 'completed'",
  ],
  "invoices-paid": [
    /app\.invoice inv_\w+/,
    `update app.invoice set paid_minor = paid_minor - 1, returned_minor = returned_minor - 1
      where ${pick("invoice", "returned_minor > 0")}`,
  ],
  "documents-numbered": [/credit_note number 2/, "delete from app.invoice where kind = 'credit_note' and number = 1"],
  "receipts-numbered": [/app\.receipt number 3/, "delete from app.receipt where number = 2"],
};

describe("the proof of the books", () => {
  test("holds after payments, part payments, credit, refunds and unmatched money", async () => {
    const proof = await inTx(ground, ground.system, proveBooks);
    expect(proof.broken).toEqual([]);
    expect(proof.currencies).toMatchObject([{ currency: "AUD", openHolds: 2n }]);
    expect(await inTx(ground, ground.system, async () => (await brokenBy()).size)).toBe(0);
  });

  for (const [law, [named, ...statements]] of Object.entries(tampering)) {
    test(`one row tampered with is found and named: ${booksLaws[law as BooksLaw]}`, async () => {
      const broken = await brokenBy(...statements);
      expect(broken.get(law)?.join("\n") ?? `nothing; broken: ${[...broken.keys()].join(", ")}`).toMatch(named);
    });
  }

  test("every night the job keeps what it found, for the page that says so", async () => {
    expect(await inTx(ground, ground.system, lastProof)).toBeUndefined();
    const work = {
      ground,
      institution: ground.institution,
      payload: {},
      signal: new AbortController().signal,
      log: silentLog,
    };
    await proveBooksNightly(work);
    const proof = await inTx(ground, ground.system, lastProof);
    expect(proof).toMatchObject({ ok: true, broken: [], currencies: [{ currency: "AUD" }] });
    await admin.query("set session_replication_role = replica");
    await admin.query("update ledger.account set balance = balance + 1 where kind = 'income'");
    await proveBooksNightly(work);
    expect(await inTx(ground, ground.system, lastProof)).toMatchObject({
      ok: false,
      broken: [{ law: "zero-sum" }, {}],
    });
    await admin.query("update ledger.account set balance = balance - 1 where kind = 'income'");
    await admin.query("set session_replication_role = origin");
  });
});

describe("npm run books:verify", () => {
  test("prints what was proved and exits 0; tampered with, it names the row and exits 1", async () => {
    const sound = await verify();
    expect(sound.code, sound.output).toBe(0);
    expect(sound.output).toMatch(/^Northbridge College: \d+ journals$/m);
    expect(sound.output).toMatch(/^ {2}AUD {2}\d+ accounts, \d+ transfers that moved [\d.]+, 2 open holds$/m);
    for (const words of Object.values(booksLaws)) expect(sound.output).toContain(`holds   ${words}`);
    await admin.query("set session_replication_role = replica");
    await admin.query(`update ledger.transfer t set amount = amount + 1 where ${flowOf("bank", "max")}`);
    const tampered = await verify();
    expect(tampered.code).toBe(1);
    expect(tampered.output).toMatch(
      /BROKEN {2}Each flow's balance after.*\n +ledger\.transfer journal \d+ line \d+ \[AUD\]: /,
    );
    expect(tampered.output).toContain("The books do NOT hold");
  });

  test.each(["books", "audit"])(
    "%s:verify with another key says so in one line, exits 1, and the portal's key still opens",
    async (what) => {
      for (const env of [{ SECRET_KEY: "another key, that opens nothing of this database" }, { SECRET_KEY: "" }]) {
        const refused = await verify(env, what);
        expect(refused.code).toBe(1);
        expect(refused.output).toMatch(/^[^\n]*SECRET_KEY[^\n]*\n$/);
      }
      const fresh = openPools({ ...ground.access }, () => {});
      expect((await fresh.of("worker").query("select 1 as row")).rows).toEqual([{ row: 1 }]);
      await fresh.end();
    },
  );
});

/** Runs the script itself, on this database. */
async function verify(other: Record<string, string> = {}, what = "books"): Promise<{ code: number; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "portico-books-"));
  const script = fileURLToPath(new URL(`../scripts/${what}-verify.ts`, import.meta.url));
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: ground.adminUrl,
    DATABASE_ROLE_PREFIX: "portico_test",
    SECRET_KEY: "a key of the tests, which guards nothing at all",
    DATA_DIR: folder,
    ...other,
  };
  return await new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", script], { env }, (error, stdout, stderr) => {
      rmSync(folder, { recursive: true, force: true });
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}
