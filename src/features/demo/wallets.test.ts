import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isDemo, loadDemo } from "#features/demo/load-demo.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";

let h: TestHouse;
beforeAll(async () => {
  h = await testHouse();
  await loadDemo(h.ground);
}, 60_000);
afterAll(() => h.close());

async function rows(text: string): Promise<unknown[][]> {
  return (await h.admin.query<unknown[]>({ text, rowMode: "array" })).rows;
}

describe("the wallets of the demo", () => {
  test("W1: two partner accounts, members of three roles, and an invitation that waits", async () => {
    expect(
      await rows(`select w.name, count(m.id)::int from app.workspace w
        join app.member m on m.partnership_id = w.partnership_id group by 1 order by 1`),
    ).toEqual([
      ["Meridian Education", 3],
      ["Sakura Overseas", 1],
    ]);
    expect(await rows("select distinct role from app.member order by 1")).toEqual([
      ["OPERATOR"],
      ["OWNER"],
      ["VIEWER"],
    ]);
    expect(await rows("select name, role from app.invitation where state = 'pending'")).toEqual([
      ["Hana Lindqvist", "ADMIN"],
    ]);
  });

  test("W2 S4: wallets of two currencies, one takes payouts, one is frozen with words for its partner", async () => {
    expect(
      await rows(`select w.currency, w.purpose, w.state, w.takes_payouts, w.state_why <> '', a.balance > 0
        from app.wallet w join app.partnership p on p.id = w.partnership_id
        join ledger.account a on a.owner = w.id and a.currency = w.currency
       where p.name = 'Meridian Education' order by 1, 2`),
    ).toEqual([
      ["AUD", "deposits", "frozen", false, true, true],
      ["AUD", "general", "active", true, false, true],
      ["AUD", "reserve", "active", false, false, true],
      ["JPY", "general", "active", false, false, true],
    ]);
    expect(await rows("select state, count(*)::int from app.wallet_adjustment group by 1 order by 1")).toEqual([
      ["approved", 3],
      ["proposed", 1],
    ]);
  });

  test("W4: a year of flows of every kind, in the order of time", async () => {
    const flows = await rows(`select t.kind, count(*)::int from app.wallet w
      join app.partnership p on p.id = w.partnership_id and p.name = 'Meridian Education'
      join ledger.account a on a.owner = w.id join ledger.transfer t on a.id in (t.debit_id, t.credit_id) group by 1`);
    expect(flows.map(([kind]) => kind).sort()).toEqual([
      "adjustment",
      "payout.wallet",
      "transfer",
      "transfer.bank",
      "transfer.fee",
      "transfer.fee-returned",
      "transfer.returned",
    ]);
    expect(flows.reduce((sum, [, count]) => sum + Number(count), 0)).toBeGreaterThan(100);
    const [span] = await rows("select extract(day from max(completed_at) - min(completed_at))::int from app.transfer");
    expect(Number(span?.[0])).toBeGreaterThan(280);
  });

  test("W5 W6: transfers in each way in which they end, and one that waits for staff", async () => {
    expect(
      await rows(`select route, state, failure_reason, attempt_state, decided_by_name <> '' as decided
        from app.transfer group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`),
    ).toEqual([
      ["bank", "completed", "", "succeeded", false],
      ["bank", "completed", "", "succeeded", true],
      ["bank", "failed", "account_frozen", "failed", false],
      ["bank", "failed", "declined", "returned", false],
      ["bank", "pending_approval", "", "", false],
      ["wallet", "completed", "", "", false],
      ["wallet", "failed", "rejected", "", true],
    ]);
  });

  test("S5: a tariff gave way to another, and one begins next month", async () => {
    const today = h.clock.now().toZonedDateTimeISO("Australia/Sydney").toPlainDate().toString();
    expect(
      await rows(`select count(*)::int, count(*) filter (where from_date > '${today}')::int from app.tariff
        where currency = 'AUD' and route = 'bank'`),
    ).toEqual([[3, 1]]);
  });

  test("the books hold, nobody is mailed about the past, and no token of an invitation stays behind", async () => {
    expect(await rows("select event from app.outbox where done_at is null or data ? 'sealed'")).toEqual([]);
    await h.drain();
    expect(await rows("select ok from app.books_proof")).toEqual([[true]]);
    expect(await h.mails()).toEqual([]);
  });
});

test("where there are several institutions already, nothing is loaded and nothing is said", async () => {
  const others = await testHouse();
  expect(await isDemo(others.ground)).toBe(false);
  await others.institution();
  expect([await isDemo(others.ground), await isDemo(h.ground)], "nobody of an own institution is signed in").toEqual([
    false,
    true,
  ]);
  for (const host of ["north.example", "south.example"]) await others.institution({ host });
  await loadDemo(others.ground);
  expect(await isDemo(others.ground)).toBe(false);
  expect((await others.admin.query("select from app.institution where is_demo")).rowCount).toBe(0);
  await others.close();
});
