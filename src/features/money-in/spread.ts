/** A payment that can take money, and how much of it at most, in minor units. */
export type Need<Id extends string = string> = { readonly id: Id; readonly most: bigint };

export type Part<Id extends string = string> = { readonly id: Id; readonly minor: bigint };

/**
 * Spreads an amount over needs in their order, each filled before the next: what domain.md rule 4 calls oldest first
 * when the needs come by due date. Nothing is ever lost: Σ parts + left = amount, and no part is above its need or
 * zero.
 */
export function spread<Id extends string>(
  amount: bigint,
  needs: readonly Need<Id>[],
): { readonly parts: readonly Part<Id>[]; readonly left: bigint } {
  let left = amount > 0n ? amount : 0n;
  const parts: Part<Id>[] = [];
  for (const { id, most } of needs) {
    const minor = most < left ? most : left;
    if (minor <= 0n) continue;
    parts.push({ id, minor });
    left -= minor;
  }
  return { parts, left };
}

/** The needs that are left once some parts were given. */
export function needsAfter<Id extends string>(needs: readonly Need<Id>[], parts: readonly Part<Id>[]): Need<Id>[] {
  const given = new Map(parts.map((part) => [part.id, part.minor]));
  return needs.map(({ id, most }) => ({ id, most: most - (given.get(id) ?? 0n) }));
}
