import fc from "fast-check";
import type { ShareKind } from "#features/payments/shares.ts";
import type { Currency } from "#kernel/money.ts";

/** Terms of a share as a world tells them: by the place of the partner, 0 being the one whose portal is looked at. */
export type ToldTerms = {
  readonly partner: 0 | 1 | 2;
  readonly kind: ShareKind;
  /** In basis points; of a flat share: what of the list amount it comes to. */
  readonly rate: number;
  readonly of?: 0 | 1 | 2;
};

export type ToldPayment = {
  readonly customer: 0 | 1;
  readonly list: bigint;
  /** Days from the beginning of the world. */
  readonly due: number;
  readonly own: ToldTerms;
};

/** What happens, told as intents: the cash follows from what each world's discount leaves to pay. */
export type Step =
  | { readonly do: "pay"; readonly payment: number; readonly how: "all" | "part" | "over" | "late" | "card" }
  | { readonly do: "refund"; readonly payment: number; readonly of: "list" | "keep"; readonly permille: number }
  | { readonly do: "credit"; readonly payment: number }
  | { readonly do: "change"; readonly payment: number; readonly what: "item" | "due" | "secret" }
  | { readonly do: "cancel"; readonly payment: number }
  | { readonly do: "invoice"; readonly minor: bigint; readonly paid: "none" | "part" | "all" | "online" | "credited" }
  | { readonly do: "bank"; readonly ending: string }
  | { readonly do: "transfer"; readonly route: "wallet" | "bank"; readonly minor: bigint }
  | { readonly do: "payouts" }
  | { readonly do: "pass"; readonly hours: number };

/** What both of two worlds have in common: all that the partner may know. */
export type Told = {
  readonly currency: Currency;
  readonly tax: "none" | "inclusive" | "exclusive";
  /** Whether invoices are issued in the partner's name as its shares are earned. */
  readonly selfBilled: boolean;
  /** Whether payouts go to the partner's wallet instead of its bank. */
  readonly toWallet: boolean;
  readonly payments: readonly ToldPayment[];
  readonly steps: readonly Step[];
};

/** What the partner must not learn: the two worlds differ in this alone. One entry a payment. */
export type Secret = {
  /** Of the keep, in thousandths: first given with the payment, then with a later change. */
  readonly discounts: readonly (readonly [number, number])[];
  readonly others: readonly (readonly ToldTerms[])[];
  /** The others' shares after a later change. */
  readonly later: readonly (readonly ToldTerms[])[];
  /** What customers who pay by card pay on top, in basis points. */
  readonly surchargeBps: number;
};

export type Pair = { readonly told: Told; readonly secrets: readonly [Secret, Secret] };

/** Small amounts find what rounding betrays; the least leaves room for all shares, a discount and a part of it. */
const lists = fc.oneof(fc.bigInt(2_000n, 20_000n), fc.bigInt(20_000n, 5_000_000n));
const permille = fc.oneof(fc.constant(0), fc.constant(1_000), fc.integer({ min: 0, max: 1_000 }));

const ownTerms = (kinds: readonly ShareKind[]): fc.Arbitrary<ToldTerms> =>
  fc.record({
    partner: fc.constant(0 as const),
    kind: fc.constantFrom(...kinds),
    rate: fc.integer({ min: 1, max: 3_000 }),
    of: fc.constant(1 as const),
  });

/** The others' shares; a percentage of a share is of the first partner's where the second has one itself. */
const otherTerms = (kinds: readonly ShareKind[]): fc.Arbitrary<ToldTerms[]> =>
  fc
    .tuple(
      ...([1, 2] as const).map((partner) =>
        fc.option(
          fc.record({
            partner: fc.constant(partner),
            kind: fc.constantFrom(...kinds),
            rate: fc.integer({ min: 1, max: 2_000 }),
            of: fc.constant(0 as const),
          }),
        ),
      ),
    )
    .map((both) => both.filter((one) => one !== null));

const payment = (n: number) => fc.integer({ min: 0, max: n - 1 });
const steps = (n: number): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant("pay" as const),
        payment: payment(n),
        how: fc.constantFrom("all", "all", "all", "part", "over", "over", "late", "card"),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("refund" as const),
        payment: payment(n),
        of: fc.constantFrom("list", "list", "keep"),
        permille: fc.constantFrom(1, 333, 500, 1_000),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("credit" as const), payment: payment(n) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("change" as const),
        payment: payment(n),
        what: fc.constantFrom("item", "due", "secret", "secret"),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), payment: payment(n) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("invoice" as const),
        minor: fc.bigInt(1n, 100_000n),
        paid: fc.constantFrom("none", "part", "all", "online", "credited"),
      }),
    },
    {
      weight: 2,
      // What the endings mean to the sandbox stands in docs/integrate.md: taken, refused, refused later, returned.
      arbitrary: fc.record({
        do: fc.constant("bank" as const),
        ending: fc.constantFrom("4321", "9101", "9203", "9302"),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("transfer" as const),
        route: fc.constantFrom("wallet", "bank"),
        // At once, above the limit, and more than there is unless payouts came.
        minor: fc.constantFrom(700n, 21_000n, 60_000n),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("payouts" as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), hours: fc.constantFrom(1, 30, 170) }) },
  );

const told = (kinds: readonly ShareKind[]): fc.Arbitrary<Told> =>
  fc.integer({ min: 1, max: 3 }).chain((n) =>
    fc.record({
      currency: fc.constantFrom<Currency>("AUD", "JPY", "KWD"),
      tax: fc.constantFrom("none", "inclusive", "exclusive"),
      selfBilled: fc.boolean(),
      toWallet: fc.boolean(),
      payments: fc.array(
        fc.record({
          customer: fc.constantFrom(0 as const, 1 as const),
          list: lists,
          due: fc.integer({ min: -20, max: 40 }),
          own: ownTerms(kinds),
        }),
        { minLength: n, maxLength: n },
      ),
      steps: fc.array(steps(n), { minLength: 2, maxLength: 7 }),
    }),
  );

const many = <T>(count: number, one: fc.Arbitrary<T>) => fc.array(one, { minLength: count, maxLength: count });

/** Two worlds that differ in discounts alone, from nothing to the whole keep. */
export const discountPairs: fc.Arbitrary<Pair> = told(["percent", "flat", "percent_of_share", "remainder"]).chain(
  (world) => {
    const discounts = many(world.payments.length, fc.tuple(permille, permille));
    return fc
      .record({
        a: discounts,
        b: discounts,
        others: many(world.payments.length, otherTerms(["percent", "flat", "percent_of_share", "remainder"])),
      })
      .map(({ a, b, others }) => {
        const same = { others, later: others, surchargeBps: 0 };
        return {
          told: world,
          secrets: [
            { ...same, discounts: a },
            { ...same, discounts: b },
          ],
        };
      });
  },
);

/** Two worlds that differ in other partners' shares, surcharges and discounts. */
export const otherPairs: fc.Arbitrary<Pair> = told(["percent", "flat"]).chain((world) => {
  const secret = fc.record({
    discounts: many(world.payments.length, fc.tuple(permille, permille)),
    others: many(world.payments.length, otherTerms(["percent", "flat", "percent_of_share", "remainder"])),
    later: many(world.payments.length, otherTerms(["percent", "flat", "percent_of_share", "remainder"])),
    surchargeBps: fc.integer({ min: 0, max: 300 }),
  });
  return fc.tuple(secret, secret).map((secrets) => ({ told: world, secrets }));
});
