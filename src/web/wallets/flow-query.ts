import { z } from "zod";
import { flowKinds, flowPartners } from "#features/wallets/flow-kinds.ts";
import type { FlowFilter } from "#features/wallets/flows.ts";
import { parseWalletNumber } from "#features/wallets/wallet.ts";
import { type Currency, parseMoney } from "#kernel/money.ts";
import { asked } from "#web/staff/shared.tsx";

/** What an address of flows says; its files take the same. */
export const flowFilterQuery = z.object({
  from: asked.date,
  to: asked.date,
  kind: asked.oneOf(flowKinds),
  direction: asked.oneOf(["in", "out"]),
  with: asked.oneOf(flowPartners),
  /** The number of the other side's wallet. */
  q: asked.text,
  amount: asked.text,
  least: asked.text,
  most: asked.text,
});

const place = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(BigInt)
  .optional()
  .catch(undefined);

/** The page besides: where it begins. */
export const flowPageQuery = flowFilterQuery.extend({ before: place, after: place });

export type FlowQuery = z.output<typeof flowFilterQuery>;

/** The filter of an address, with what was typed into it and could not be read. */
export type ReadFilter = {
  readonly filter: FlowFilter;
  readonly unread: readonly { readonly what: "amount" | "number"; readonly typed: string }[];
};

/** Reads amounts in the currency of the wallet. What can't be read does not count, and the page says so. */
export function readFlowFilter(query: FlowQuery, currency: Currency): ReadFilter {
  const amounts = [query.amount, query.least, query.most].map((typed) => ({
    typed: typed ?? "",
    read: typed === undefined ? undefined : parseMoney(withoutMarks(typed), currency),
  }));
  const minor = amounts.map(({ read }) => (read && "minor" in read ? read.minor : undefined));
  const [exact, least, most] = minor;
  const number = query.q === undefined ? undefined : parseWalletNumber(query.q);
  const unread = [
    ...amounts.flatMap(({ typed, read }) => (read && "problem" in read ? [{ what: "amount" as const, typed }] : [])),
    ...(query.q !== undefined && number === undefined ? [{ what: "number" as const, typed: query.q }] : []),
  ];
  const { from, to, kind, direction } = query;
  return {
    filter: { from, to, kind, direction, with: query.with, number, least: exact ?? least, most: exact ?? most },
    unread,
  };
}

/** Blanks, and commas that stand between thousands, are no part of an amount; any other comma is left to be refused. */
function withoutMarks(typed: string): string {
  const text = typed.replace(/[\s\u00a0]/g, "");
  return /^\d{1,3}(,\d{3})+(\.\d*)?$/.test(text) ? text.replaceAll(",", "") : text;
}

/** The filter as an address carries it. */
export function flowQueryText(query: FlowQuery): Record<string, string | undefined> {
  const { from, to, kind, direction, q, amount, least, most } = query;
  return { from: from?.toString(), to: to?.toString(), kind, direction, with: query.with, q, amount, least, most };
}
