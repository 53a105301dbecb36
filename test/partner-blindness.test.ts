import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { blindHouses, type Plants, type Side } from "./support/blind-pair.ts";
import { prints } from "./support/blind-prints.ts";
import { discountPairs, type Pair, type Secret } from "./support/blind-worlds.ts";

vi.mock(import("#platform/pdf/printer.ts"), async (real) => {
  const { modelPrinter } = await import("./support/blind-prints.ts");
  return modelPrinter(await real());
});

// Half of the worlds; the other half are those of test/partner-blindness-others.test.ts.
const worlds = inject("deep") ? 2_500 : 250;

let houses: Awaited<ReturnType<typeof blindHouses>>;
beforeAll(async () => {
  houses = await blindHouses();
}, 60_000);
afterAll(async () => await houses?.close());

describe("a partner can't tell two worlds apart", () => {
  test("that differ in discounts alone", { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(discountPairs, async (pair) => {
        expect(await houses.compare(pair)).toBeUndefined();
      }),
      { numRuns: worlds, endOnFailure: true },
    );
  });
});

/** Two payments paid for the same payout, one of them after parts; one still owed, whose discount comes later. */
const rich: Pair = {
  told: {
    currency: "AUD",
    tax: "exclusive",
    selfBilled: true,
    toWallet: true,
    payments: [100_000n, 90_000n, 80_000n].map((list, index) => ({
      customer: index === 1 ? 1 : 0,
      list,
      due: 5 + index,
      own: { partner: 0, kind: "percent", rate: 1_000 },
    })),
    steps: [
      { do: "pay", payment: 1, how: "part" },
      { do: "change", payment: 2, what: "secret" },
      { do: "invoice", minor: 5_000n, paid: "credited" },
      { do: "invoice", minor: 5_000n, paid: "online" },
      { do: "pay", payment: 1, how: "all" },
      { do: "pay", payment: 0, how: "over" },
      { do: "payouts" },
      { do: "transfer", route: "wallet", minor: 700n },
      { do: "transfer", route: "bank", minor: 700n },
      { do: "transfer", route: "wallet", minor: 21_000n },
      { do: "refund", payment: 0, of: "list", permille: 500 },
    ],
  },
  secrets: [0, 500].map((permille) => ({
    discounts: [
      [permille, 0],
      [0, 0],
      [0, permille],
    ] as const,
    others: [[], [], []],
    later: [[], [], []],
    surchargeBps: 0,
  })) as unknown as [Secret, Secret],
};

const discountOf = `(select d.minor from app.discount d
  where d.institution_id = p.institution_id and d.payment_id = p.id)`;
const paidOf = `(select p.paid_minor from app.share s
   join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
  where s.institution_id = payout_line.institution_id and s.id = payout_line.share_id)`;
const discounts = "(select count(*)::integer from app.discount d where d.institution_id = o.institution_id)";

/** A view, a column of it, and what it would say instead. */
const leakyColumns = [
  ["a discount column in a view", "share", /\bp\.item\b/, `p.item || coalesce(' -' || ${discountOf}, '')`],
  ["the net amount", "share", /\bs\.base_minor\b/, `s.base_minor - coalesce(${discountOf}, 0)`],
  ["updated_at", "share", /\bp\.item\b/, "p.item || p.updated_at::text"],
  [
    "an order by the amount paid",
    "payout_line",
    /\bposition\b|"position"/,
    `(row_number() over (partition by payout_id order by ${paidOf} desc nulls last, payout_line.position))::integer`,
  ],
  ["a count", "payout", /\bo\.payments\b/, `o.payments + ${discounts}`],
] as const;

describe("a leak that somebody makes is caught", () => {
  const paid = async (side: Side) => {
    const sums = "select sum(paid_minor) as paid from app.payment";
    return String((await side.h.admin.query<{ paid: bigint }>(sums)).rows[0]?.paid);
  };
  const inBoth = async (plant: (side: Side) => unknown) => {
    for (const side of houses.sides) await plant(side);
  };
  afterEach(async () => {
    prints.plant = undefined;
    await inBoth((side) => {
      for (const key of Object.keys(side.plants) as (keyof Plants)[]) delete side.plants[key];
    });
  });

  test("without one, nothing is found", async () => {
    expect(await houses.compare(rich, true)).toBeUndefined();
  });

  test.each(leakyColumns)("%s", async (_leak, view, column, leaking) => {
    const originals: string[] = [];
    await inBoth(async ({ h }) => {
      const { rows } = await h.admin.query<{ text: string }>(`select pg_get_viewdef('partner.${view}') as text`);
      const original = rows[0]?.text ?? "";
      originals.push(original);
      const table = view === "share" ? "s" : view === "payout" ? "o" : "payout_line";
      const name = /"?(\w+)"?$/.exec(column.exec(original)?.[0] ?? "")?.[1] ?? "";
      const own = `${table}.institution_id = app.institution_id() and ${table}.partnership_id = app.partnership_id()`;
      const where = /\bWHERE\b/.test(original) ? `and ${own}` : `where ${own}`;
      const text = original.replace(column, `${leaking} as ${name}`).replace(/;\s*$/, ` ${where}`);
      await h.admin.query(`create or replace view partner.${view} with (security_invoker = false) as ${text}`);
    });
    try {
      expect(await houses.compare(rich, true)).toMatch(/^(GET|event)/);
    } finally {
      await inBoth(async ({ h }) => {
        const original = originals.shift() ?? "";
        await h.admin.query(`create or replace view partner.${view} with (security_invoker = true) as ${original}`);
      });
    }
  });

  test("an ETag", async () => {
    await inBoth((side) => {
      side.plants.response = async (response) => {
        response.headers.set("etag", `"${await paid(side)}"`);
        return response;
      };
    });
    expect(await houses.compare(rich, true)).toMatch(/etag/);
  });

  test("a mail", async () => {
    await inBoth((side) => {
      side.plants.mail = async (mail) => ({ ...mail, text: `${mail.text}\n${await paid(side)}` });
    });
    expect(await houses.compare(rich, true)).toMatch(/^mail/);
  });

  test("a line of a PDF", async () => {
    prints.plant = async (document) => {
      const found = await Promise.all(houses.sides.map(paid));
      // A document says nothing of its house: the one that is made in the other world says the other amount.
      prints.turn = 1 - prints.turn;
      return [...document.blocks.slice(0, 0), { block: "note", text: { data: found[prints.turn] ?? "" } }];
    };
    expect(await houses.compare(rich, true)).toMatch(/^GET [^:]*pdf/);
  });

  test("an event", async () => {
    await inBoth((side) => {
      side.plants.event = async (news) => ({ ...news, data: `${news.data}${await paid(side)}` });
    });
    expect(await houses.compare(rich, true)).toMatch(/^event/);
  });

  test("the text of an error", async () => {
    await inBoth((side) => {
      side.plants.response = async (response) => {
        if (response.status < 400) return response;
        const { status, headers } = response;
        return new Response(`${await response.text()}${await paid(side)}`, { status, headers });
      };
    });
    expect(await houses.compare(rich, true)).toMatch(/^(GET|POST)/);
  });
});

test("every page, file and stream that the registry has for partners was opened", () => {
  const missing = houses.eyes.gets.map((route) => route.id).filter((id) => !houses.eyes.seen.has(id));
  expect(missing).toEqual([]);
});
