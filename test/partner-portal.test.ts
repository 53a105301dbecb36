import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestHouse, testHouse } from "./support/house.ts";
import { type MoneyWorld, moneyWorld } from "./support/money.ts";

// The frame of the partner portal, and the sessions of those who open it.

let h: TestHouse;
let world: MoneyWorld;

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
});
afterAll(() => h.close());

test("200: a contact's page names the partnership, the institution and only places that exist", async () => {
  const contact = await h.partner(world.institution, world.partner);
  const page = await contact.get("/partner/security");
  expect(page.status).toBe(200);
  expect(page.text).toContain("Partner of Northbridge College");
});
