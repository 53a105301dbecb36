import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PartnerTransferFilter } from "#features/transfers/partner-transfer.ts";
import { transferStates } from "#features/transfers/transfer.ts";
import { examined, partnerTransfers } from "#features/transfers/transfer-list-partner-view.ts";
import { money } from "#kernel/money.ts";
import { inTx } from "#platform/tx.ts";
import { fillTransfers } from "../../../../scripts/bench/transfers-history.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { plain } from "../../../../test/support/transfer-pages.ts";
import { type TransferWorld, transferWorld } from "../../../../test/support/transfer-world.ts";

type Row = {
  id: string;
  ref: string;
  wallet_id: string;
  route: string;
  to_number: string;
  minor: bigint;
  reference: string;
  state: string;
  created_at: Temporal.Instant;
};

let h: TestHouse;
let world: TransferWorld;
/** Every transfer of the partner, the latest first. */
let rows: readonly Row[];

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
  const history = { institution: world.institution, partnership: world.partner, wallet: world.from };
  await fillTransfers(h.admin, { ...history, other: world.to.number }, 6_000);
  rows = (
    await h.admin.query<Row>(
      `select id, ref, wallet_id, route, to_number, minor, reference, state, created_at from app.transfer
        where partnership_id = $1 order by id desc`,
      [world.partner],
    )
  ).rows;
}, 60_000);
afterAll(async () => await h?.close());

/** The places that a reader gets by pressing Older until there is no more, and what stands on each page. */
async function walk(filter: PartnerTransferFilter, size: number): Promise<{ ids: string[]; newerOf: string[][] }> {
  return await asPartner(async (ask) => {
    const ids: string[] = [];
    const newerOf: string[][] = [];
    for (let before: string | undefined, pages = 0; pages === 0 || before !== undefined; pages++) {
      const page = await ask(filter, { before, size });
      expect(page.rows.length).toBeLessThanOrEqual(size);
      ids.push(...page.rows.map((row) => row.id));
      newerOf.push(page.rows.map((row) => row.id));
      if (pages > 500) throw new Error("There is no end");
      before = page.older;
    }
    return { ids, newerOf };
  });
}

type Ask = (
  filter: PartnerTransferFilter,
  place: { before?: string | undefined; after?: string | undefined; size: number },
) => ReturnType<typeof partnerTransfers>;

async function asPartner<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
  const opening = { as: "partner", token: world.member.token, writes: false } as const;
  return await inTx(
    h.ground,
    opening,
    async (cx) => await work((filter, place) => partnerTransfers(cx, filter, place)),
  );
}

const some = <V>(value: fc.Arbitrary<V>) => fc.option(value, { nil: undefined, freq: 2 });
const filters: fc.Arbitrary<PartnerTransferFilter> = fc
  .record({
    status: some(fc.constantFrom(...transferStates)),
    wallet: some(fc.constantFrom<"from" | "to">("from", "to")),
    route: some(fc.constantFrom("wallet", "bank")),
    with: some(fc.constantFrom("other", "4321", "999999999999")),
    days: some(fc.tuple(fc.nat({ max: 2_000 }), fc.nat({ max: 2_000 }))),
    amount: some(fc.nat({ max: 2_999 })),
    q: some(fc.constantFrom("ref", "invoice", "INVOICE 1", "no such words", "%", "")),
  })
  .map(({ wallet, with: other, days, amount, q, ...plainly }) => {
    const at = (index: number) => rows[index % rows.length] as Row;
    return {
      ...plainly,
      wallet: wallet && (wallet === "from" ? world.from.id : world.to.id),
      with: other === "other" ? world.to.number : other,
      from: days && at(Math.max(...days)).created_at,
      until: days && at(Math.min(...days)).created_at,
      amounts: amount === undefined ? undefined : [money(at(amount).minor, "AUD"), money(1n, "USD")],
      q: q === "ref" ? at(1_234).ref : q,
    };
  });

function fits(filter: PartnerTransferFilter, row: Row): boolean {
  const { status, wallet, route, with: other, from, until, amounts, q } = filter;
  const compare = Temporal.Instant.compare;
  const words = (q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return (
    (status === undefined || row.state === status) &&
    (wallet === undefined || row.wallet_id === wallet) &&
    (route === undefined || row.route === route) &&
    (other === undefined || row.to_number === other) &&
    (from === undefined || compare(row.created_at, from) >= 0) &&
    (until === undefined || compare(row.created_at, until) < 0) &&
    (amounts === undefined || amounts.some((one) => one.minor === row.minor && one.currency === "AUD")) &&
    (q === row.ref || words.every((word) => row.reference.toLowerCase().includes(word)))
  );
}

describe("W6: a partner's transfers, filtered and page by page", () => {
  test("whatever is asked for, Older finds each that fits once, in order, and Newer goes back the same way", async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(7, 25, 400), async (filter, size) => {
        const { ids } = await walk(filter, size);
        expect(ids).toEqual(rows.filter((row) => fits(filter, row)).map((row) => row.id));
        const [last] = ids.slice(-1);
        if (last === undefined) return;
        const back: string[] = [];
        await asPartner(async (ask) => {
          for (let after: string | undefined = last, pages = 0; after !== undefined; pages++) {
            const page = await ask(filter, { after, size });
            back.unshift(...page.rows.map((row) => row.id));
            after = page.newer;
            if (pages > 500) throw new Error("There is no end");
          }
        });
        expect(back).toEqual(ids.slice(0, -1));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test("a search that no index answers looks at so many rows a page, says so, and goes on from there", async () => {
    const first = await world.member.get("/partner/transfers?q=no+such+words");
    expect(plain(first.text)).toContain(`This looked through ${examined} transfers`);
    const further = /href="([^"]*before=[^"]*)"[^>]*>\s*<span>Search further back/.exec(first.text)?.[1] ?? "";
    const second = await world.member.get(further.replaceAll("&amp;", "&"));
    expect(plain(second.text)).toContain("Search further back");
    expect(further).toContain(`before=${rows[examined - 1]?.id}`);
  });

  test("the file has exactly what the filter finds, however many pages that is", async () => {
    const file = await world.member.get("/partner/transfers.csv?status=failed&route=bank");
    const lines = file.text.trim().split("\r\n");
    const wanted = rows.filter((row) => row.state === "failed" && row.route === "bank");
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(wanted.map((row) => row.ref));
    expect(lines).toHaveLength(wanted.length + 1);
    const all = await world.member.get("/partner/transfers.csv");
    expect(all.text.trim().split("\r\n")).toHaveLength(rows.length + 1);
  });

  test("days are those of the institution, amounts are typed as people write them, what means nothing fits nothing", async () => {
    const shown = async (query: string) => {
      const page = await world.member.get(`/partner/transfers?${query}`);
      return [...page.text.matchAll(/href="\/partner\/transfers\/(TR\w{12})"/g)].map(([, ref]) => ref);
    };
    const one = rows[700] as Row;
    const day = one.created_at.toZonedDateTimeISO("Australia/Sydney").toPlainDate();
    const ofDay = rows.filter((row) => row.created_at.toZonedDateTimeISO("Australia/Sydney").toPlainDate().equals(day));
    expect(await shown(`from=${day}&to=${day}`)).toEqual(ofDay.slice(0, 25).map((row) => row.ref));
    expect(await shown(`q=${one.ref.toLowerCase()}`)).toEqual([one.ref]);
    const typed = `${one.minor / 100n}.${(one.minor % 100n).toString().padStart(2, "0")}`;
    expect(await shown(`amount=${typed}`)).toContain(one.ref);
    for (const nothing of [
      "amount=lots",
      "with=12345",
      "wallet=999999999999",
      `q=${one.ref}&status=pending_approval`,
    ]) {
      expect(await shown(nothing)).toEqual([]);
    }
  });

  test("another partner's transfers are not among them, whatever is asked", async () => {
    const foreign = await h.admin.query<{ ref: string }>(
      "select ref from app.transfer where partnership_id <> $1 limit 1",
      [world.partner],
    );
    const { ref = "" } = foreign.rows[0] ?? {};
    expect(plain((await world.member.get(`/partner/transfers?q=${ref}`)).text)).toContain("No transfer fits");
    expect((await world.member.get(`/partner/transfers/${ref}`)).status).toBe(404);
    expect(plain((await world.receiver.get("/partner/transfers")).text)).toContain("No transfers yet");
  });
});
