import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { inTx } from "#platform/tx.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { chooseInvoices, raise } from "../../../../test/support/invoices.ts";
import { type MoneyWorld, moneyWorld } from "../../../../test/support/money.ts";

let h: TestHouse;
let world: MoneyWorld;
let institution: InstitutionId;
let browser: Awaited<ReturnType<TestHouse["partner"]>>;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
}, 60_000);
afterAll(async () => await h?.close());
beforeEach(async () => {
  world = await moneyWorld(h, institution);
  browser = await h.partner(institution, world.partner);
});

describe("what is typed", () => {
  const bad = ["0", "-1", "1100.01", "9007199254740993", "1e3", "10.001", "<b>5</b>", "=1+1", "٥"];
  for (const part of bad) {
    test(`422: a part of ${part} is refused with words that say what to write, and kept`, async () => {
      await raise(h, world);
      const answer = await browser.post("/partner/pay", { invoice: "1", "part.1": part });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain("INV-000001");
    });
  }

  test("JPY takes no decimals, KWD three", async () => {
    await raise(h, world, { currency: "JPY", net: 5_000n });
    await raise(h, world, { currency: "KWD", net: 5_000n });
    const yen = await browser.post("/partner/pay", { invoice: "1", "part.1": "10.5", currency: "JPY" });
    expect(yen.status).toBe(422);
    expect(yen.text).toContain("no decimals");
    expect((await browser.post("/partner/pay", { invoice: "2", "part.2": "0.125" })).status).toBe(303);
    expect((await browser.post("/partner/pay", { invoice: ["1", "2"] })).text).toContain("one currency");
  });

  test("nothing ticked, somebody else's number, and a foreign checkout", async () => {
    await raise(h, world);
    expect((await browser.post("/partner/pay", {})).status).toBe(422);
    expect((await browser.post("/partner/pay", { invoice: "7" })).status).toBe(422);
    const { path } = await chooseInvoices(browser, { invoice: "1" });
    const other = await moneyWorld(h, world.institution);
    const stranger = await h.partner(world.institution, other.partner);
    for (const page of ["review", "method", "done"]) expect((await stranger.get(`${path}/${page}`)).status).toBe(404);
    expect((await stranger.post(`${path}/review`, { method: "", expected: "1" })).status).toBe(404);
    const viewer = await h.partner(world.institution, world.partner, ["view"]);
    expect((await viewer.get("/partner/pay")).status).toBe(403);
    expect((await viewer.post("/partner/pay", { invoice: "1" })).status).toBe(403);
    expect((await viewer.get("/partner/invoices/1")).text).toContain("not pay them");
  });
});

describe("the role that a partner's requests run on", () => {
  const tries: readonly (readonly [string, (world: MoneyWorld, path: string) => string])[] = [
    ["marks no invoice as paid", () => "update app.invoice set paid_minor = total_minor"],
    ["settles no attempt", () => "update app.payment_attempt set state = 'succeeded'"],
    [
      "begins no attempt that has succeeded",
      ({ partner, institution: at }, path) =>
        `insert into app.payment_attempt (institution_id, id, checkout_id, partnership_id, channel_product_id, provider,
           reference, state, currency, minor, created_at, updated_at)
         select '${at}', 'att_1', '${path.split("/").at(-1)}', '${partner}', id, 'sandbox', 'X1', 'succeeded', 'AUD', 1,
           now(), now() from app.channel_product limit 1`,
    ],
    [
      "receives no money",
      ({ partner, institution: at }) =>
        `insert into app.money_received (institution_id, id, provider, provider_ref, kind, partnership_id, currency,
           minor, state, received_on, created_at)
         values ('${at}', 'rcv_1', 'sandbox', 'x', 'card', '${partner}', 'AUD', 1, 'matched', '2026-11-20', now())`,
    ],
    ["throws no invoice away", () => "delete from app.invoice"],
    ["posts nothing to the ledger", () => "select * from ledger.account"],
  ];
  for (const [what, statement] of tries) {
    test(what, async () => {
      await raise(h, world);
      const { path } = await chooseInvoices(browser, { invoice: "1" });
      const opening = { as: "partner", token: browser.token, writes: true } as const;
      const refused = inTx(h.house, opening, async (cx) => await sql.raw(statement(world, path)).execute(cx.db));
      await expect(refused).rejects.toThrow(/permission denied|row-level security/);
    });
  }

  test("sees no draft, neither through its views nor in the table", async () => {
    const { id } = await raise(h, world);
    await h.admin.query(
      "update app.invoice set state = 'draft', number = null, snapshot = null, issued_at = null where id = $1",
      [id],
    );
    for (const writes of [true, false]) {
      const opening = { as: "partner", token: browser.token, writes } as const;
      const { rows } = await inTx(h.house, opening, async (cx) => await sql`select id from app.invoice`.execute(cx.db));
      expect(rows).toEqual([]);
    }
  });
});
