import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";

let h: TestHouse;
beforeAll(async () => {
  h = await testHouse();
});
afterAll(() => h.close());

test("draws", async () => {
  const institution = await h.institution();
  const { rows } = await h.admin.query(
    `insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps, commission_tax, created_at, updated_at)
     values ($1, 'prt_0123456789abcdefghjkmnpqrs', 'GSA', 'agent', 'GSA Ltd', 'AUD', 1000, 'exclusive', now(), now()) returning id`, [institution]);
  const partner = await h.partner(institution, rows[0].id);
  const page = await partner.get("/partner/statement");
  console.log(page.status, page.text?.slice?.(0, 300));
  for (const path of ["/partner/statement.csv", "/partner/statement.pdf"]) { const a = await partner.get(path); console.log(path, a.status, Object.keys(a)); }
  const staff = await h.staff(institution);
  console.log((await staff.get(`/staff/partnerships/${rows[0].id}/statement`)).status);
});
