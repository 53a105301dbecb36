import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { translator } from "#platform/i18n/messages.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { type TransferWorld, transferWorld } from "../../../test/support/transfer-world.ts";
import { cancelTransfer } from "./cancel-transfer.ts";
import { confirmTransfer, type Outcome, openTransfers, type Transfers } from "./confirm-transfer.ts";
import { approveTransfer, rejectTransfer } from "./decide-transfer.ts";
import { insertQuote } from "./quote-store.ts";
import type { QuoteId, Transfer } from "./transfer.ts";
import { selectTransfers } from "./transfer-store.ts";

// Members of two partners send what they have, and more, to each other and to their bank, press their buttons again and
// again, with keys of their own and keys that were used, while staff decide and wallets are frozen.
const runs = inject("deep") ? 300 : 15;

let h: TestHouse;
let world: TransferWorld;
let wallets: readonly Wallet[];
let people: readonly Partner[];
let bank: string;
/** What another process of the same program would have. */
let another: Transfers;

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
  bank = await world.account();
  wallets = [world.from, world.to];
  people = await Promise.all(
    [world.member, world.receiver].map(async ({ memberId }) => {
      const { rows } = await h.admin.query<{ partnership_id: Partner["partnership"]; name: string }>(
        "select partnership_id, name from app.member where id = $1",
        [memberId],
      );
      const row = rows[0];
      return {
        ...{ kind: "partner", institution: world.institution, member: memberId, role: "OWNER", rights: [] },
        ...{ partnership: row?.partnership_id, name: row?.name, contact: undefined },
      } as unknown as Partner;
    }),
  );
  await h.admin.query("update app.wallet_currency set approval_minor = 3000");
  another = openTransfers(h.ground);
}, 60_000);
afterAll(async () => {
  await another?.close();
  await h?.close();
});

const who = fc.nat({ max: 1 });
const wishes = fc.record({
  from: who,
  route: fc.constantFrom("wallet", "wallet", "wallet", "bank"),
  // Up to twice what a wallet has; above 3,000 staff are asked.
  minor: fc.oneof(fc.bigInt({ min: 1n, max: 200n }), fc.bigInt({ min: 1n, max: 20_000n })),
  fee: fc.constantFrom(0n, 0n, 25n, 500n),
  /** Which of the keys that were made before is used; its own without. */
  key: fc.option(fc.nat({ max: 5 }), { freq: 4 }),
  presses: fc.integer({ min: 1, max: 3 }),
});
const deeds = fc.array(fc.tuple(fc.constantFrom("approve", "reject", "cancel", "freeze", "thaw"), fc.nat({ max: 9 })), {
  maxLength: 6,
});
const days = fc.array(fc.record({ wishes: fc.array(wishes, { minLength: 1, maxLength: 25 }), deeds }), {
  minLength: 1,
  maxLength: 3,
});
type Wish = (typeof wishes extends fc.Arbitrary<infer W> ? W : never) & object;

async function quoteOf({ from, route, minor, fee }: Wish): Promise<QuoteId> {
  const wallet = wallets[from] as Wallet;
  const to = wallets[1 - from] as Wallet;
  const isBank = route === "bank" && from === 0;
  return await h.system(world.institution, async (cx) => {
    const id = newId("quo", cx.now, cx.random);
    await insertQuote(cx, {
      id,
      partnership: wallet.partnership,
      member: people[from]?.member as never,
      wallet: wallet.id,
      route: isBank ? "bank" : "wallet",
      toWallet: isBank ? undefined : to.id,
      bankAccount: isBank ? (bank as never) : undefined,
      toNumber: isBank ? "4321" : to.number,
      toName: "Somebody",
      amount: money(minor, "AUD"),
      fee: money(fee, "AUD"),
      tariff: undefined,
      reference: "",
    });
    return id;
  });
}

const all = () => h.system(world.institution, (cx) => selectTransfers(cx, sql`true order by x.id`));
const waiting = async () => (await all()).filter((one) => one.state === "pending_approval");

async function decide(deed: string, at: number): Promise<void> {
  if (deed === "freeze" || deed === "thaw") {
    const state = deed === "freeze" ? "frozen" : "active";
    const wallet = wallets[at % 2] as Wallet;
    await h.admin.query("update app.wallet set state = $2 where id = $1", [wallet.id, state]);
    await h.admin.query("update ledger.account set state = $2 where kind = 'wallet' and owner = $1", [
      wallet.id,
      state,
    ]);
    return;
  }
  const found = await waiting();
  const transfer = found[at % Math.max(found.length, 1)];
  if (!transfer) return;
  const by = people.find((one) => one.partnership === transfer.partnership) as Partner;
  const act = async () => {
    if (deed === "cancel") {
      const may = permit(by, "partner.transfer");
      return await cancelTransfer(h.house, { by, ip: "" }, may, transfer.id, translator("en"));
    }
    await h.system(world.institution, async (cx) => {
      const may = permit(cx.principal, "transfers.approve");
      if (deed === "approve") await approveTransfer(cx, may, transfer.id);
      else await rejectTransfer(cx, may, transfer.id, "Not this one");
    });
  };
  await act().catch((error: unknown) => {
    // A frozen wallet, or somebody who was faster.
    if (!(error instanceof Problem) || error.code !== "conflict") throw error;
  });
}

type Pressed = { readonly wish: Wish; readonly quote: QuoteId; readonly key: string; readonly outcome: Outcome };

/** All buttons of a day at once, while staff decide. */
async function press(asked: readonly { wish: Wish; quote: QuoteId; key: string }[], deedsOfDay: [string, number][]) {
  const pressed = asked.flatMap(({ wish, quote, key }) =>
    Array.from({ length: wish.presses }, async (_, at): Promise<Pressed> => {
      const by = people[wish.from] as Partner;
      const may = permit(by, "partner.transfer");
      const counter = { ...h.ground, transfers: at % 2 === 0 ? h.house.transfers : another };
      return { wish, quote, key, outcome: await confirmTransfer(counter, { by, ip: "" }, may, { quote, key }) };
    }),
  );
  const decided = (async () => {
    for (const [deed, at] of deedsOfDay) await decide(deed, at);
  })();
  const [answers] = await Promise.all([Promise.all(pressed), decided]);
  return answers;
}

test("W5: whatever is sent, pressed twice, refused or decided, the books and the transfers say the same", async () => {
  const seen = { ok: 0, replayed: 0 } as Record<string, number>;
  await fc.assert(
    fc.asyncProperty(days, async (history) => {
      await fillUp();
      const before = new Set((await all()).map((row) => row.ref));
      const answers: Pressed[] = [];
      const keys: string[] = [];
      for (const day of history) {
        const asked = [];
        for (const wish of day.wishes) {
          const own = `key-${newId("quo", h.clock.now(), h.random)}`;
          const key = (wish.key === null ? undefined : keys[wish.key]) ?? own;
          keys.unshift(own);
          asked.push({ wish, quote: await quoteOf(wish), key });
        }
        answers.push(...(await press(asked, day.deeds)));
        await world.prove();
      }
      for (const { outcome } of answers) {
        const what = outcome.ok ? (outcome.replayed ? "replayed" : "ok") : outcome.why;
        seen[what] = (seen[what] ?? 0) + 1;
      }
      agree(
        answers,
        (await all()).filter((row) => !before.has(row.ref)),
      );
    }),
    { numRuns: runs },
  );
  // The histories reached what they are about.
  for (const what of ["ok", "replayed", "key_reused", "insufficient_funds", "frozen"]) {
    expect(seen[what] ?? 0, what).toBeGreaterThan(0);
  }
});

/** Every wallet begins a history active and with 10,000 and more. */
async function fillUp(): Promise<void> {
  for (const at of [0, 1]) {
    await decide("thaw", at);
    const [available = 0n] = await world.balance(wallets[at]);
    if (available < 10_000n) await world.fund(wallets[at] as Wallet, 10_000n - available);
  }
}

/** Each answer against the rows: one transfer a key and quote, and every refusal left nothing behind. */
function agree(answers: readonly Pressed[], rows: readonly Transfer[]): void {
  const byRef = new Map(rows.map((row) => [row.ref, row]));
  const byKey = Map.groupBy(answers, ({ wish, key }) => `${wish.from} ${key}`);
  for (const pressed of byKey.values()) {
    const done = pressed.filter(({ outcome }) => outcome.ok);
    expect(new Set(done.map(({ outcome }) => outcome.ref)).size).toBeLessThanOrEqual(1);
    expect(new Set(done.map(({ quote }) => quote)).size).toBeLessThanOrEqual(1);
    expect(done.filter(({ outcome }) => outcome.ok && !outcome.replayed).length).toBeLessThanOrEqual(1);
    for (const { wish, outcome } of done) {
      const row = byRef.get(outcome.ref);
      expect([row?.amount.minor, row?.fee.minor]).toEqual([wish.minor, wish.fee]);
      expect(row?.partnership).toBe(people[wish.from]?.partnership);
    }
    for (const { outcome } of pressed) {
      if (!outcome.ok && outcome.why === "insufficient_funds") expect(byRef.has(outcome.ref)).toBe(false);
    }
  }
  // Nothing was made that nobody was told of.
  const told = new Set(answers.filter(({ outcome }) => outcome.ok).map(({ outcome }) => outcome.ref));
  expect(new Set(rows.map((row) => row.ref))).toEqual(told);
}
