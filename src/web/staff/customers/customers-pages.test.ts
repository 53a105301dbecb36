import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { upsertCustomers } from "#features/customers/upsert-customers.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { listPayments, statusFilters } from "#features/payments/payment-list.ts";
import { upsertPayments } from "#features/payments/upsert-payments.ts";
import { newId } from "#kernel/ids.ts";
import { pageSize } from "#web/staff/shared.tsx";
import type { Browser } from "../../../../test/support/browser.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";

let h: TestHouse;
let institution: InstitutionId;
let owner: Browser;
let viewer: Browser;
const people = 120;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
  owner = await h.staff(institution, "OWNER");
  viewer = await h.staff(institution, "VIEWER");
  await h.system(institution, async (cx) => {
    await upsertPartnerships(cx, permit(cx.principal, "partnerships.write"), [
      {
        external_id: "P1",
        name: "Meridian",
        kind: "agent",
        currency: "AUD",
        commission_percent: "10",
        commission_tax: "exclusive",
      },
    ]);
    const customers = Array.from({ length: people }, (_, index) => ({
      external_id: `C${String(index).padStart(3, "0")}`,
      given_name: index === 7 ? "=HYPERLINK(1)" : `Given${index}`,
      family_name: index === 8 ? "<script>alert(1)</script>" : `Family${String(index % 60).padStart(2, "0")}`,
      email: index % 10 === 0 ? "" : `c${index}@s.example`,
      language: index % 2 === 0 ? "ja" : "en-AU",
      time_zone: "Asia/Tokyo",
      partnership_external_id: index % 3 === 0 ? "P1" : "",
    }));
    await upsertCustomers(cx, permit(cx.principal, "customers.write"), customers);
    const days = [-40, -1, 0, 5, 30, 31, 200];
    const rows = customers.map((one, index) => ({
      customer_external_id: one.external_id,
      external_id: `${one.external_id}-1`,
      item: index === 9 ? "+cmd|calc" : `Item ${index}`,
      amount: index % 4 === 0 ? "10000" : "100.00",
      currency: index % 4 === 0 ? "JPY" : "AUD",
      due_date: Temporal.PlainDate.from("2026-11-21")
        .add({ days: days[index % days.length] ?? 0 })
        .toString(),
      discount: index % 5 === 1 && index % 4 !== 0 ? "7.50" : "",
    }));
    await upsertPayments(cx, permit(cx.principal, "payments.write"), rows);
  });
  await settleSome();
});
afterAll(() => h.close());

/** Puts payments into every state there is, and attempts of every kind on some of them. */
async function settleSome(): Promise<void> {
  const { rows } = await h.admin.query<{ id: string; customer_id: string; currency: string }>(
    "select id, customer_id, currency from app.payment where institution_id = $1 order by external_id",
    [institution],
  );
  const states = ["paid", "partially_paid", "refunded", "partially_refunded", "cancelled", "draft"];
  for (const [index, row] of rows.slice(0, 60).entries()) {
    const state = states[index % 10];
    if (state)
      await h.admin.query(
        `update app.payment set state = $2, paid_minor = case when $2 = 'partially_paid' then 1 else 0 end
          where id = $1`,
        [row.id, state],
      );
    const attempt = ["processing", "failed", "succeeded", "pending"][index % 8];
    if (attempt) await addAttempt(row, attempt);
  }
}

async function addAttempt(row: { id: string; customer_id: string; currency: string }, state: string): Promise<void> {
  const now = h.clock.now();
  const [checkout, attempt] = [newId("chk", now, h.random), newId("att", now, h.random)];
  const at = now.toString();
  await h.admin.query(
    `insert into app.checkout (institution_id, id, customer_id, currency, total_minor, created_by, created_at,
      updated_at) values ($1, $2, $3, $4, 1, '', $5, $5)`,
    [institution, checkout, row.customer_id, row.currency, at],
  );
  await h.admin.query(
    "insert into app.checkout_item (institution_id, checkout_id, payment_id, minor) values ($1, $2, $3, 1)",
    [institution, checkout, row.id],
  );
  await h.admin.query(
    `insert into app.payment_attempt (institution_id, id, checkout_id, customer_id, channel_product_id, provider,
      reference, state, currency, minor, created_at, updated_at)
     select $1, $2, $3, $4, id, 'sandbox', $2, $5, $6, 1, $7, $7 from app.channel_product where institution_id = $1
       limit 1`,
    [institution, attempt, checkout, row.customer_id, state, row.currency, at],
  );
}

/** Rows of a CSV download, as records by column. */
function records(text: string): Record<string, string>[] {
  return parse(text, { columns: true, bom: true });
}

/** Follows Next through all pages of a list and collects what the pattern finds. */
async function walk(browser: Browser, path: string, pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  let next: string | undefined = path;
  for (let pages = 0; next !== undefined && pages < 20; pages++) {
    const page = await browser.get(next);
    expect(page.status).toBe(200);
    found.push(...[...page.text.matchAll(pattern)].map((one) => one[1] ?? ""));
    const link = [...page.text.matchAll(/<a class="btn s" href="([^"]+)"/g)].map((one) => one[1] ?? "");
    next = link.find((href) => /(?:customers\?.*after|payments\?.*before)=/.test(href))?.replaceAll("&amp;", "&");
  }
  return found;
}

describe("the list of customers", () => {
  const names = /<td><a class="strong" href="\/staff\/customers\/(cus_[^"]+)"/g;

  test("paging by Next shows everybody once; Previous comes back to the same page", async () => {
    const ids = await walk(owner, "/staff/customers", names);
    expect(new Set(ids).size).toBe(people);
    expect(ids).toHaveLength(people);
    const second = await owner.get(`/staff/customers?after=${ids[pageSize - 1]}`);
    expect([...second.text.matchAll(names)].map((one) => one[1])).toEqual(ids.slice(pageSize, 2 * pageSize));
    const back = await owner.get(`/staff/customers?before=${ids[pageSize]}`);
    expect([...back.text.matchAll(names)].map((one) => one[1])).toEqual(ids.slice(0, pageSize));
  });

  test.each([
    "",
    "?only=no-email",
    "?only=overdue",
    "?language=ja",
    "?q=given1",
    "?q=Family03+given",
    "?only=no-email&language=ja&q=given",
  ])("the export holds exactly the rows of the list: %s", async (query) => {
    const ids = await walk(owner, `/staff/customers${query}`, names);
    const file = await owner.get(`/staff/customers/export.csv${query}`);
    expect(file.headers.get("content-type")).toContain("text/csv");
    const { rows } = await h.admin.query<{ external_id: string }>(
      "select external_id from app.customer where id = any($1)",
      [ids],
    );
    expect(
      records(file.text)
        .map((row) => row.external_id)
        .sort(),
    ).toEqual(rows.map((row) => row.external_id).sort());
    expect(ids.length).toBeGreaterThan(0);
  });

  test("formulas are defused in the export, markup stays text on the page", async () => {
    const file = await owner.get("/staff/customers/export.csv?q=hyperlink");
    expect(records(file.text)[0]?.given_name).toBe("'=HYPERLINK(1)");
    const page = await owner.get("/staff/customers?q=script");
    expect(page.text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page.text).not.toContain("<script>alert");
  });

  test("wildcards of a search count as themselves; nonsense filters are no filters", async () => {
    expect((await owner.get("/staff/customers?q=%25")).text).toContain("No customer fits");
    const page = await owner.get("/staff/customers?only=x&partnership=%27%3B--&language=zz&after=nobody&q=%00");
    expect(page.status).toBe(200);
    expect([...page.text.matchAll(names)]).toHaveLength(pageSize);
  });

  test("403: a viewer exports nothing, and has no button for it", async () => {
    expect((await viewer.get("/staff/customers")).text).not.toContain("export.csv");
    expect((await viewer.get("/staff/customers/export.csv")).status).toBe(403);
  });

  test("the search of the bar leads here with the words kept; the portal can be opened from here (C3)", async () => {
    const page = await owner.get("/staff/customers?q=given7");
    expect(page.text).toContain('value="given7"');
    expect(page.text).toMatch(/href="\/sign-in" target="_blank"/);
  });
});

describe("the list of payments", () => {
  const items = /<td><a class="strong" href="\/staff\/payments\/(pay_[^"]+)"/g;

  test("law: each status filter finds exactly the payments whose status it is, and failed the open ones that failed last", async () => {
    await h.system(institution, async (cx) => {
      const all = (await listPayments(cx, {}, { size: 500 })).rows;
      expect(all).toHaveLength(people);
      const seen = new Set(all.map((row) => row.status));
      expect([...seen].sort()).toEqual(statusFilters.filter((one) => one !== "unpaid" && one !== "failed").sort());
      for (const status of statusFilters) {
        const found = (await listPayments(cx, { status }, { size: 500 })).rows.map((row) => row.payment.id);
        const wanted = all.filter((row) => {
          if (status === "unpaid") return row.owed.minor > 0n;
          return status === "failed" ? found.includes(row.payment.id) && row.owed.minor > 0n : row.status === status;
        });
        expect([status, found.sort()]).toEqual([status, wanted.map((row) => row.payment.id).sort()]);
      }
    });
  });

  test.each([
    "",
    "?status=overdue",
    "?currency=JPY",
    "?from=2026-11-21&to=2026-12-21",
    "?q=item+1",
    "?status=unpaid&currency=AUD",
  ])("paging and export hold the same rows: %s", async (query) => {
    const ids = await walk(owner, `/staff/payments${query}`, items);
    const file = await owner.get(`/staff/payments/export.csv${query}`);
    const { rows } = await h.admin.query<{ external_id: string }>(
      "select external_id from app.payment where id = any($1)",
      [ids],
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(0);
    expect(
      records(file.text)
        .map((row) => row.external_id)
        .sort(),
    ).toEqual(rows.map((row) => row.external_id).sort());
  });

  test("the export says list, discount, to pay and owed; formulas are defused", async () => {
    const file = await owner.get("/staff/payments/export.csv?q=C011-1");
    const row = records(file.text)[0];
    expect(row).toMatchObject({ amount: "100.00", discount: "7.50", to_pay: "92.50", currency: "AUD" });
    expect(records((await owner.get("/staff/payments/export.csv?q=calc")).text)[0]?.item).toBe("'+cmd|calc");
  });
});

describe("one customer", () => {
  async function idOf(reference: string): Promise<CustomerId> {
    const { rows } = await h.admin.query<{ id: CustomerId }>("select id from app.customer where external_id = $1", [
      reference,
    ]);
    return rows[0]?.id as CustomerId;
  }

  test("C3: the sign-in page stands there to copy and to open, with the address filled in", async () => {
    const page = await owner.get(`/staff/customers/${await idOf("C001")}`);
    expect(page.text).toContain('value="http://127.0.0.1:8080/sign-in?email=c1%40s.example"');
    expect(page.text).toMatch(/href="\/sign-in\?email=c1%40s.example" target="_blank"/);
  });

  test("C1: without an address the page says so and how to help: add one, or share the public payment list", async () => {
    const id = await idOf("C010");
    const page = await owner.get(`/staff/customers/${id}`);
    expect(page.text).toContain("This customer can&#39;t sign in");
    expect(page.text).toContain("Add an e-mail address");
    expect(page.text).toContain("public payment list");
    expect((await viewer.get(`/staff/customers/${id}`)).text).not.toContain(`/staff/customers/${id}/edit`);
  });

  test("a new address ends what is open with the old one", async () => {
    const id = await idOf("C002");
    const signedIn = await h.customer(institution, id);
    expect((await signedIn.get("/payments")).status).toBe(200);
    const form = await owner.get(`/staff/customers/${id}/edit`);
    const version = /name="version" value="([^"]*)"/.exec(form.text)?.[1] ?? "";
    const sent = {
      given_name: "Given2",
      family_name: "Family02",
      email: "new2@s.example",
      language: "ja",
      time_zone: "Asia/Tokyo",
      version,
    };
    h.clock.advance({ seconds: 1 });
    expect((await owner.post(`/staff/customers/${id}/edit`, sent)).status).toBe(303);
    expect((await signedIn.get("/payments")).status).toBe(303);
    expect((await owner.post(`/staff/customers/${id}/edit`, sent)).status).toBe(409);
    expect((await owner.get(`/staff/customers/${id}`)).text).toContain("c2@s.example → new2@s.example");
  });

  test("422: what is wrong is said beside its field, and what was typed stays", async () => {
    const page = await owner.post("/staff/customers/new", {
      given_name: "",
      family_name: "",
      email: "not an address",
      time_zone: "Mars/Olympus",
      phone: "+61 \u202e1",
    });
    expect(page.status).toBe(422);
    for (const words of [
      "Write a name.",
      "Write a whole e-mail address",
      "by its place",
      "not an address",
      "Error: ",
    ]) {
      expect(page.text).toContain(words);
    }
  });

  test("created once, however often the form is sent", async () => {
    const form = await owner.get("/staff/customers/new");
    const key = /name="key" value="([^"]*)"/.exec(form.text)?.[1] ?? "";
    const sent = { given_name: "Once", family_name: "Only", key };
    const [first, second] = [
      await owner.post("/staff/customers/new", sent),
      await owner.post("/staff/customers/new", sent),
    ];
    expect(second.location).toBe(first.location);
    expect((await owner.follow(first)).text).toContain("The customer was added.");
  });

  test("404: unknown, foreign and misshapen ids alike; a viewer may look and not write", async () => {
    const other = await h.staff(await h.institution({ host: "other.example", name: "Other" }), "OWNER");
    const id = await idOf("C001");
    expect((await other.get(`/staff/customers/${id}`)).status).toBe(404);
    expect((await owner.get("/staff/customers/cus_00000000000000000000000000")).status).toBe(404);
    expect((await owner.get("/staff/customers/../../etc/passwd")).status).toBe(404);
    expect((await owner.get("/staff/customers/__proto__")).status).toBe(404);
    expect((await viewer.get(`/staff/customers/${id}`)).status).toBe(200);
    expect((await viewer.get("/staff/customers/new")).status).toBe(403);
    expect((await viewer.post(`/staff/customers/${id}/edit`, {})).status).toBe(403);
  });
});
