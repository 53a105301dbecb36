import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newWalletNumber } from "#features/wallets/wallet.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { wrongIn } from "../../../test/support/transfer-pages.ts";
import { type TransferWorld, transferWorld } from "../../../test/support/transfer-world.ts";

let h: TestHouse;
let world: TransferWorld;

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
}, 60_000);
afterAll(() => h.close());

const ask = (to: string, browser = world.member) =>
  browser.post("/partner/transfers/new", { wallet: world.from.number, route: "wallet", to, amount: "1.00" });

describe("W5: a member who tries numbers of wallets", () => {
  test("is told of no number at all after twenty that nobody has, until the hour is over; nobody else is kept", async () => {
    const colleague = await h.member(world.institution, world.partner, "OPERATOR");
    // Right numbers count nowhere and take back nothing.
    const tries = Array.from({ length: 60 }, (_, at) => (at % 2 ? world.to.number : newWalletNumber(h.random)));
    const statuses: number[] = [];
    for (const to of tries) statuses.push((await ask(to)).status);
    expect(statuses.slice(0, 39)).toEqual(Array.from({ length: 39 }, (_, at) => (at % 2 ? 303 : 422)));
    expect(new Set(statuses.slice(39))).toEqual(new Set([429]));
    const refused = await ask(world.to.number);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(wrongIn(refused)).toEqual([expect.stringMatching(/Too many numbers/)]);
    expect(refused.text).toContain(`value="${world.to.number}"`);
    // What has no check digit is a slip, and is told of at once.
    expect((await ask("1234")).status).toBe(422);
    expect((await ask(world.to.number, colleague)).status).toBe(303);
    h.clock.advance({ hours: 1 });
    expect((await ask(world.to.number)).status).toBe(303);
  });

  test("a hundred at once get no further", async () => {
    const member = await h.member(world.institution, world.partner, "OPERATOR");
    const all = await Promise.all(Array.from({ length: 100 }, () => ask(newWalletNumber(h.random), member)));
    expect(all.filter(({ status }) => status === 422)).toHaveLength(20);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(80);
  });
});
