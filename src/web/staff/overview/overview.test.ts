import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import { pageSize } from "#web/staff/shared.tsx";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";

let h: TestHouse;
let mine: InstitutionId;
let other: InstitutionId;
let owner: Awaited<ReturnType<TestHouse["staff"]>>;

type Owed = {
  readonly list: bigint;
  readonly currency: string;
  readonly due: string;
  readonly discount?: bigint;
  readonly paid?: bigint;
};

// Today is 2026-11-21 in Sydney.
const owed: readonly Owed[] = [
  { list: 10_000n, currency: "AUD", due: "2026-11-20" },
  { list: 20_000n, currency: "AUD", due: "2026-10-22", discount: 500n },
  { list: 30_000n, currency: "AUD", due: "2026-10-21", paid: 1_000n },
  { list: 40_000n, currency: "AUD", due: "2026-09-21" },
  { list: 50_000n, currency: "AUD", due: "2026-08-22" },
  { list: 60_000n, currency: "AUD", due: "2020-01-01" },
  { list: 70_000n, currency: "AUD", due: "2026-11-21" },
  { list: 80_000n, currency: "AUD", due: "2026-12-21", discount: 80n },
  { list: 90_000n, currency: "AUD", due: "2026-12-22" },
  { list: 777n, currency: "JPY", due: "2026-11-20" },
];

beforeAll(async () => {
  h = await testHouse();
  mine = await h.institution({ host: "mine.example" });
  other = await h.institution({ host: "other.example", name: "Other College" });
  owner = await h.staff(mine);
  const customer = await addCustomer(mine, "Aiko", "aiko@mine.example");
  for (const one of owed) await addPayment(mine, customer, one);
  const stranger = await addCustomer(other, "Otter", "otter@other.example");
  await addPayment(other, stranger, { list: 999_900n, currency: "AUD", due: "2026-11-20" });
  await addMoney(mine, customer, 12_345n, "AUD", "2026-11-01");
  await addMoney(mine, customer, 55n, "AUD", "2026-11-21");
  await addMoney(mine, customer, 4_000n, "AUD", "2026-10-31");
  await addMoney(mine, customer, 300n, "JPY", "2026-11-02");
  await addMoney(other, stranger, 888_800n, "AUD", "2026-11-02");
});
afterAll(() => h.close());

const id = <P extends Parameters<typeof newId>[0]>(noun: P) => newId(noun, h.clock.now(), h.random);

async function addCustomer(institution: InstitutionId, name: string, email: string | null): Promise<string> {
  const key = id("cus");
  await h.admin.query(
    `insert into app.customer (institution_id, id, given_name, family_name, email, created_at, updated_at)
     values ($1, $2, $3, 'Tanaka', $4, now(), now())`,
    [institution, key, name, email],
  );
  return key;
}

async function addPayment(institution: InstitutionId, customer: string, one: Owed): Promise<string> {
  const key = id("pay");
  const state = one.paid === undefined ? "open" : "partially_paid";
  await h.admin.query(
    `insert into app.payment (institution_id, id, customer_id, item, list_minor, currency, due_date, state,
      paid_minor, created_at, updated_at)
     values ($1, $2, $3, 'Tuition', $4, $5, $6, $7, $8, now(), now())`,
    [institution, key, customer, one.list, one.currency, one.due, state, one.paid ?? 0n],
  );
  if (one.discount !== undefined) {
    await h.admin.query(
      `insert into app.discount (institution_id, payment_id, minor, given_by, created_at)
       values ($1, $2, $3, 'test', now())`,
      [institution, key, one.discount],
    );
  }
  return key;
}

async function addMoney(
  institution: InstitutionId,
  customer: string | null,
  minor: bigint,
  currency: string,
  on: string,
  payer = "",
) {
  const key = id("rcv");
  await h.admin.query(
    `insert into app.money_received (institution_id, id, provider, provider_ref, kind, customer_id, currency,
      minor, state,
       payer_name, method_label, received_on, created_at)
     values ($1, $2, 'by_hand', $2, 'by_hand', $3, $4, $5, $6, $7, 'Cash', $8, now())`,
    [institution, key, customer, currency, minor, customer === null ? "unmatched" : "matched", payer, on],
  );
}

/** The address of the figure or the table cell that shows this amount. */
function linkOf(html: string, amount: string): string {
  const cells = [...html.matchAll(/<a href="([^"]*)">(<bdi class="amt.*?<\/bdi>)<\/a>/gs)];
  const found = cells.find(([, , shown = ""]) => shown.replaceAll(/<[^>]*>/g, "").replaceAll("\u00a0", " ") === amount);
  expect(found, `a link that shows ${amount}`).toBeDefined();
  return (found?.[1] ?? "").replaceAll("&amp;", "&");
}

/** The amounts of the rows of an exported list, in the column of this name, as minor units of two decimals. */
async function sumOf(path: string, column: string): Promise<string> {
  const [list = "", query = ""] = path.split("?");
  const shown = await owner.get(`${list}/export.csv?${query}`);
  expect(shown.status, shown.text).toBe(200);
  const [head = "", ...lines] = shown.text.replace("\ufeff", "").trim().split("\r\n");
  const at = head.split(",").indexOf(column);
  expect(at, `${column} in ${head}`).toBeGreaterThanOrEqual(0);
  const minor = lines.map((line) => BigInt((line.split(",")[at] ?? "").replace(".", "")));
  return minor.reduce((sum, one) => sum + one, 0n).toString();
}

describe("S13: the overview", () => {
  test("every figure is the sum of the rows that it leads to, per currency and nobody else's", async () => {
    const { status, text } = await owner.get("/staff");
    expect(status).toBe(200);
    const payments = {
      "AUD 295.00": "29500",
      "AUD 290.00": "29000",
      "AUD 400.00": "40000",
      "AUD 1,100.00": "110000",
      "AUD 2,085.00": "208500",
      "AUD 1,499.20": "149920",
      "JPY 777": "777",
    };
    for (const [shown, minor] of Object.entries(payments)) {
      const href = linkOf(text, shown);
      expect(href).toMatch(/^\/staff\/payments\?/);
      expect(await sumOf(href, "owed"), `${shown} ${href}`).toBe(minor);
    }
    for (const [shown, minor] of Object.entries({ "AUD 124.00": "12400", "JPY 300": "300", "AUD 164.00": "16400" })) {
      const href = linkOf(text, shown);
      expect(href).toMatch(/^\/staff\/money-received\?/);
      expect(await sumOf(href, "amount"), shown).toBe(minor);
    }
    expect(text).not.toContain("Otter");
  });

  test("what needs attention shows while its rows are there, and leads to them", async () => {
    const before = await owner.get("/staff");
    expect(before.text).toContain("Set-up is not finished");
    expect(before.text).not.toContain("unmatched</a>");
    await addCustomer(mine, "Ken", null);
    await addMoney(mine, null, 100n, "AUD", "2026-11-20", "Unknown Payer");
    const run = id("imp");
    await h.admin.query(
      `insert into app.import_run (institution_id, id, kind, file_name, storage_key, state, bad_rows, created_by,
        created_at)
       values ($1, $2, 'customers', '<b>students</b>.csv', 'none', 'done', 3, 'x', now())`,
      [mine, run],
    );
    await h.admin.query(
      "insert into app.books_proof (institution_id, at, ok, report) values ($1, now(), false, '{}')",
      [mine],
    );
    const { text } = await owner.get("/staff");
    expect(text).toContain('<a href="/staff/unmatched">1 arrival of money is unmatched</a>');
    expect(text).toContain('<a href="/staff/customers?only=no-email">1 customer has no e-mail address</a>');
    expect(text).toContain(`href="/staff/imports/${run}"`);
    expect(text).toContain("&lt;b&gt;students&lt;/b&gt;.csv");
    expect(text).toContain("The books did not hold");
    const nextRun = id("imp");
    await h.admin.query(
      `insert into app.import_run (institution_id, id, kind, file_name, storage_key, state, created_by, created_at)
       values ($1, $2, 'customers', 'again.csv', 'none', 'done', 'x', now())`,
      [mine, nextRun > run ? nextRun : `${run.slice(0, -1)}z`],
    );
    expect((await owner.get("/staff")).text).not.toContain(`href="/staff/imports/${run}"`);
  });

  test("a payment whose last try failed counts until it is paid or tried again", async () => {
    const customer = await addCustomer(mine, "Mina", "mina@mine.example");
    const payment = await addPayment(mine, customer, { list: 5_000n, currency: "USD", due: "2027-06-01" });
    await addAttempt(customer, payment, "failed");
    const { text } = await owner.get("/staff");
    expect(text).toContain("1 payment was tried and failed");
    const rows = await owner.get(linkTo(text, "1 payment was tried and failed"));
    expect(rows.text).toContain(`/staff/payments/${payment}`);
    await addAttempt(customer, payment, "processing");
    expect((await owner.get("/staff")).text).not.toContain("tried and failed");
  });

  async function addAttempt(customer: string, payment: string, state: string): Promise<void> {
    const checkout = id("chk");
    const now = h.clock.now().toString();
    h.clock.advance({ seconds: 1 });
    await h.admin.query(
      `insert into app.checkout (institution_id, id, customer_id, currency, total_minor, created_by, created_at,
        updated_at)
       values ($1, $2, $3, 'USD', 5000, 'x', $4, $4)`,
      [mine, checkout, customer, now],
    );
    await h.admin.query(
      "insert into app.checkout_item (institution_id, checkout_id, payment_id, minor) values ($1, $2, $3, 5000)",
      [mine, checkout, payment],
    );
    const attempt = id("att");
    await h.admin.query(
      `insert into app.payment_attempt (institution_id, id, checkout_id, customer_id, channel_product_id, provider,
        reference,
         state, currency, minor, created_at, updated_at)
       select $1, $2, $3, $4, p.id, 'sandbox', $2, $5, 'USD', 5000, $6, $6
         from app.channel_product p where p.institution_id = $1 limit 1`,
      [mine, attempt, checkout, customer, state, now],
    );
  }

  function linkTo(html: string, words: string): string {
    return new RegExp(`<a href="([^"]*)">${words}`).exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
  }
});

describe("S13: money received", () => {
  test("pages of it hold every row once, newer and older", async () => {
    const payer = await addCustomer(other, "Many", "many@other.example");
    for (let day = 1; day <= pageSize + 10; day++) {
      await addMoney(
        other,
        payer,
        BigInt(day),
        "KWD",
        `2026-0${day > 30 ? 6 : 5}-${String(((day - 1) % 30) + 1).padStart(2, "0")}`,
      );
    }
    const staff = await h.staff(other);
    const first = await staff.get("/staff/money-received?currency=KWD");
    const older = /href="([^"]*before=[^"]*)"/.exec(first.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const second = await staff.get(older);
    const rowsIn = (html: string) => [...html.matchAll(/KWD/g)].length;
    expect(first.text).toContain(`${pageSize} shown`);
    expect(second.text).toContain("10 shown");
    expect(rowsIn(second.text)).toBeGreaterThan(0);
    const newer = /href="([^"]*after=[^"]*)"/.exec(second.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect((await staff.get(newer)).text).toContain(`${pageSize} shown`);
  });

  test("an export escapes what a spreadsheet would run, and holds exactly the filtered rows", async () => {
    await addMoney(mine, null, 700n, "USD", "2026-11-19", "=HYPERLINK(1)");
    const { text } = await owner.get(
      "/staff/money-received/export.csv?currency=USD&state=unmatched&from=2026-11-19&to=2026-11-19",
    );
    const lines = text.replace("\ufeff", "").trim().split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain("'=HYPERLINK(1)");
  });

  test("filters and places that make no sense are left aside", async () => {
    const odd = "?state=nonsense&currency=XXX&from=2026-02-31&to=yesterday&before=%00&after=2026-11-01~rcv_x&q=%25%5C'";
    for (const path of [`/staff/money-received${odd}`, `/staff/money-received/export.csv${odd}`, `/staff${odd}`]) {
      expect((await owner.get(path)).status, path).toBe(200);
    }
  });

  test("a viewer reads it and may not take the file", async () => {
    const viewer = await h.staff(mine, "VIEWER");
    const page = await viewer.get("/staff/money-received");
    expect(page.status).toBe(200);
    expect(page.text).not.toContain("Export CSV");
    expect((await viewer.get("/staff/money-received/export.csv")).status).toBe(403);
  });
});
