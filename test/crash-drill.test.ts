import { describe, expect, inject, test } from "vitest";
import type { Told } from "../scripts/drill/crash-client.ts";
import { type Books, type Kept, Memory } from "../scripts/drill/crash-judge.ts";
import { crashDrill, faultsOf } from "../scripts/drill/crash-rounds.ts";

// What must hold through any crash: what clients were told is what there is.
const rounds = inject("deep") ? 200 : 20;

test(`X4 W5: ${rounds} kills of the program and of PostgreSQL under load: nothing lost or done twice, the books hold`, {
  timeout: 3_600_000,
}, async () => {
  const drilled = await crashDrill({ rounds, seed: 4 });
  expect([...faultsOf(drilled), ...drilled.odd]).toEqual([]);
  expect(drilled.rounds).toHaveLength(rounds);
  expect(new Set(drilled.rounds.map((round) => round.killed)).size).toBe(4);
  // Kills in the middle of it: some were told only when they asked again under the same key.
  expect(drilled.acknowledged).toBeGreaterThan(rounds);
  expect(drilled.resolved).toBeGreaterThan(0);
});

describe("the drill sees what a crash must not do", () => {
  const told = { key: "k1", from: "1", to: "2", minor: 100, ref: "TR1", wasUnknown: false, isAgain: false };
  const refused = { ...told, key: "k2", ref: "" };
  const kept: Kept = {
    ...{ key: "k1", ref: "TR1", from: "1", to: "2", minor: 100n, state: "completed", moves: 1, moved: 100n },
  };
  const opening = new Map([
    ["1", 500n],
    ["2", 0n],
  ]);
  const judge = (heard: readonly Told[], books: Partial<Books>) => {
    const memory = new Memory();
    for (const one of heard) memory.hear(one);
    const balances = new Map([
      ["1", 400n],
      ["2", 100n],
    ]);
    return memory.judge({ transfers: [kept], balances, broken: [], ...books }, opening);
  };

  test("nothing, where all is as it was told", () => {
    const verdict = judge([told, refused, { ...told, isAgain: true }], {});
    expect(faultsOf(verdict)).toEqual([]);
    expect([verdict.acknowledged, verdict.refused, verdict.resolved]).toEqual([1, 1, 0]);
    expect(judge([{ ...told, wasUnknown: true }], {}).resolved).toBe(1);
    // A refusal leaves the key free: done when it is asked for once more.
    expect(
      faultsOf(
        judge(
          [
            { ...told, ref: "" },
            { ...told, isAgain: true },
          ],
          {},
        ),
      ),
    ).toEqual([]);
  });

  test("a transfer that was acknowledged and is gone, or is another one", () => {
    expect(judge([told], { transfers: [] }).lost).toEqual(["TR1 (key k1, 100 minor units)"]);
    for (const change of [{ ref: "TR9" }, { minor: 99n }, { to: "3" }, { state: "failed" }]) {
      expect(judge([told], { transfers: [{ ...kept, ...change }] }).lost, JSON.stringify(change, text)).toHaveLength(1);
    }
  });

  test("one that was applied twice", () => {
    expect(judge([told], { transfers: [{ ...kept, moves: 2, moved: 200n }] }).twice).toHaveLength(1);
    expect(judge([told], { transfers: [kept, { ...kept, ref: "TR2" }] }).twice).toHaveLength(1);
    expect(judge([told, { ...told, ref: "TR2", isAgain: true }], {}).wrong).toHaveLength(1);
  });

  test("one that moved nothing, was refused, or was never asked for; balances and laws that do not hold", () => {
    const wrongs: [readonly Told[], Partial<Books>][] = [
      [[told], { transfers: [{ ...kept, moves: 0, moved: 0n }] }],
      [[told], { transfers: [{ ...kept, moved: 90n }] }],
      [[told], { transfers: [kept, { ...kept, key: "k9", ref: "TR9" }] }],
      [[told, refused], { transfers: [kept, { ...kept, key: "k2", ref: "TR9" }] }],
      [
        [told],
        {
          balances: new Map([
            ["1", 400n],
            ["2", 101n],
          ]),
        },
      ],
      [[told], { broken: ["zero-sum: ledger.account 7: off by one"] }],
    ];
    for (const [heard, books] of wrongs) expect(judge(heard, books).wrong, JSON.stringify(books, text)).toHaveLength(1);
  });
});

function text(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  return value instanceof Map ? [...value] : value;
}
