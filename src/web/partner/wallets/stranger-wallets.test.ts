import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { markFlows } from "#features/wallets/flow-store.ts";
import { newWalletNumber, type Wallet } from "#features/wallets/wallet.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { type TransferWorld, transferWorld } from "../../../../test/support/transfer-world.ts";

let h: TestHouse;
let world: TransferWorld;

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
}, 60_000);
afterAll(() => h.close());

/** So many adjustments of one cent, an hour behind the last ones: more than one look takes in. */
async function fill({ id }: Wallet): Promise<void> {
  h.clock.advance({ hours: 1 });
  const many = 2_200;
  const { rows } = await h.admin.query<{ done: boolean }>(
    `select 'done' = all (p.status) as done
       from (select array_agg($3 || n) as keys, array_agg(gen_random_uuid()) as digests
               from generate_series(1, $4::int) n) k,
            (select array_agg(id order by kind) as ids from ledger.account where kind = 'adjustments' or owner = $2) a,
            ledger.post_transfers($5, array_fill($1::text, array[$4]), k.keys, k.digests,
              array_fill('x'::text, array[$4]), array_fill('AUD'::text, array[$4]),
              array_fill(a.ids[1], array[$4]), array_fill(a.ids[2], array[$4]),
              array_fill(1::bigint, array[$4]), array_fill(0::bigint, array[$4])) p`,
    [world.institution, id, `transfer:${id}:${h.clock.now()}:`, many, h.clock.now().toString()],
  );
  expect(rows).toEqual([{ done: true }]);
}

/** Everything that is said to whoever looks for flows with that wallet, the number itself apart. */
async function said(number: string): Promise<string[]> {
  const home = `/partner/wallets/${world.from.number}/flows`;
  const asked = ["", "&direction=in", "&kind=transfer", "&kind=adjustment", "&least=0.01", "&after=0", "&before=4000"];
  const pages = await Promise.all(asked.map((more) => world.member.get(`${home}?q=${number}${more}`)));
  const file = await world.member.get(`${home}.csv?q=${number}`);
  const spaced = number.replace(/(\d{4})(?=\d)/g, "$1 ");
  return [...pages, file].map(({ status, text }) =>
    `${status} ${text}`
      .replaceAll(number, "N")
      .replaceAll(spaced, "N")
      .replaceAll(/nonce="[^"]*"/g, ""),
  );
}

describe("W4 X1: looking for flows with somebody else's wallet", () => {
  test("says the same of a number that nobody has, of a quiet wallet and of a busy one, marked or not", async () => {
    const nobody = newWalletNumber(h.random);
    await fill(world.from);
    const none = await said(nobody);
    expect(await said(world.to.number)).toEqual(none);
    await fill(world.to);
    await fill(world.from);
    await fill(world.to);
    await fill(world.from);
    expect(await said(world.to.number)).toEqual(await said(nobody));
    await h.system(world.institution, (cx) => markFlows(cx, 100_000));
    expect(await said(world.to.number)).toEqual(await said(nobody));
  });
});
