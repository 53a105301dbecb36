import { afterAll, describe, expect, test } from "vitest";
import type { CustomerId } from "#access/principal.ts";
import { pageSize } from "#web/staff/shared.tsx";
import { people, records, staffLists, walk } from "../../../../test/support/staff-lists.ts";

const { h, institution, owner, viewer } = await staffLists();
afterAll(() => h.close());

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
    // Back to the first address: what was ended stays ended.
    const again = await owner.get(`/staff/customers/${id}/edit`);
    const newer = /name="version" value="([^"]*)"/.exec(again.text)?.[1] ?? "";
    h.clock.advance({ seconds: 1 });
    const back = { ...sent, email: "c2@s.example", version: newer };
    expect((await owner.post(`/staff/customers/${id}/edit`, back)).status).toBe(303);
    expect((await signedIn.get("/payments")).status).toBe(303);
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

test("an amount so large that a few of them could not be added up any more is refused; the largest break no page", async () => {
  const { rows } = await h.admin.query<{ id: string }>("select id from app.customer where external_id = 'C003'");
  const customer = rows[0]?.id ?? "";
  const create = (item: string, amount: string) =>
    owner.post("/staff/payments/new", {
      ...{ customer, kind: "single", item, amount, currency: "USD", due_date: "2026-12-05", step: "create" },
    });
  expect((await create("Too much", "90071992547409.91")).status).toBe(422);
  for (const item of ["Huge one", "Huge two"]) expect((await create(item, "90071992547.40")).status).toBe(303);
  const pages = ["/staff/customers?q=C003", `/staff/customers/${customer}`, "/staff/payments?currency=USD", "/staff"];
  for (const page of pages) expect([page, (await owner.get(page)).status]).toEqual([page, 200]);
});
