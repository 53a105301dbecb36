import { afterAll, describe, expect, test } from "vitest";
import { listPayments, statusFilters } from "#features/payments/payment-list.ts";
import { people, records, staffLists, walk } from "../../../../test/support/staff-lists.ts";

const { h, institution, owner } = await staffLists();
afterAll(() => h.close());

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
