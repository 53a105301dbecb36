import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { type PayoutWorld, payoutWorld } from "../../../../test/support/payout-world.ts";

let h: TestHouse;
let world: PayoutWorld;

beforeAll(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
});
afterAll(() => h.close());

test("P3: the news of the last contact gone holds the payouts, and the news of a new one lets them go on", async () => {
  await world.account();
  await world.earn(100_000n);
  await world.look();
  await world.pass({ hours: 24 * 5 + 4 });
  const only = async () => (await world.payouts())[0];
  expect(await only()).toMatchObject({ state: "on_hold", holdReason: "no_contact" });
  const owner = await h.staff(world.institution);
  const contacts = `/staff/partnerships/${world.partner}/contacts`;
  const add = (email: string) => owner.post(`${contacts}/new`, { name: "Ahmed Sharma", email, rights: ["pay"] });
  expect((await add("ahmed@meridian.example")).status).toBe(303);
  // Nothing but what the pages wrote wakes the jobs from here on.
  await h.drain();
  expect(await only()).toMatchObject({ state: "in_review", holdReason: "" });
  expect((await add("chidi@meridian.example")).status).toBe(303);
  const { rows } = await h.admin.query<{ id: string }>(
    "select id from app.contact where partnership_id = $1 order by id",
    [world.partner],
  );
  const [first, second] = rows.map(({ id }) => `${contacts}/${id}`);
  expect((await owner.post(`${first}/remove`)).status).toBe(303);
  await h.drain();
  expect(await only()).toMatchObject({ state: "in_review" });
  expect((await owner.post(`${second}/access`, { access: "off" })).status).toBe(303);
  await h.drain();
  expect(await only()).toMatchObject({ state: "on_hold", holdReason: "no_contact" });
  expect((await owner.post(`${second}/access`, { access: "on" })).status).toBe(303);
  await h.drain();
  expect(await only()).toMatchObject({ state: "in_review" });
  expect((await owner.post(`${second}/remove`)).status).toBe(303);
  await h.drain();
  expect(await only()).toMatchObject({ state: "on_hold", holdReason: "no_contact" });
});
