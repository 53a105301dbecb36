import { afterAll, beforeAll, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { proposeAgreement, revokeAgreement } from "#features/self-billing/agreements.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { type PayoutWorld, payoutWorld } from "../../../../test/support/payout-world.ts";

let h: TestHouse;
let world: PayoutWorld;
let contact: Awaited<ReturnType<TestHouse["partner"]>>;

beforeAll(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
  contact = await h.partner(world.institution, world.partner);
}, 60_000);
afterAll(() => h.close());

const propose = async (country: string) =>
  await h.system(world.institution, (cx) =>
    proposeAgreement(cx, permit(cx.principal, "self-billing.write"), { partnership: world.partner, country }),
  );

test("P8: words that were never shown are not accepted: 409 shows them, and pressing again accepts those", async () => {
  const home = "/partner/self-billing";
  const versionOn = (html: string) => /name="version" value="([\w-]+)"/.exec(html)?.[1] ?? "";
  const states = async () =>
    (await h.admin.query("select country, state from app.self_billing_agreement order by id")).rows;
  const id = await propose("AU");
  const old = versionOn((await contact.get(home)).text);
  await h.system(world.institution, (cx) =>
    revokeAgreement(cx, permit(cx.principal, "self-billing.write"), { partnership: world.partner, id }),
  );
  await propose("GB");
  for (const fields of [{ version: old }, {}]) {
    const refused = await contact.post(`${home}/accept`, fields);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("other words are. Nothing was accepted.");
    expect(refused.text).toContain("does not issue VAT invoices");
    const version = versionOn(refused.text);
    expect(version).toMatch(/^[\w-]{22}$/);
    expect(version).not.toBe(old);
  }
  const proposed = [
    { country: "AU", state: "revoked" },
    { country: "GB", state: "proposed" },
  ];
  expect(await states()).toEqual(proposed);
  const version = versionOn((await contact.get(home)).text);
  expect((await contact.post(`${home}/accept`, { version })).location).toBe(`${home}?done=accepted`);
  expect((await states())[1]).toEqual({ country: "GB", state: "accepted" });
});
