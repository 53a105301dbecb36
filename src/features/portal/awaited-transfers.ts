import type { CheckoutId } from "#features/checkouts/checkout.ts";
import type { Portal } from "#features/portal/portal.ts";

/** A bank transfer that is waited for. */
export type AwaitedTransfer = {
  readonly checkout: CheckoutId;
  readonly reference: string;
  /** Less is owed now than was chosen: its amount is no longer the one to send. */
  readonly changed: boolean;
};

/**
 * The transfers that are waited for, by due date. One whose payments owe nothing any more (paid in another way, or
 * cancelled) is waited for no more.
 */
export function awaitedTransfers({ standings, notes }: Pick<Portal, "standings" | "notes">): AwaitedTransfer[] {
  const noted = standings.flatMap(({ payment, owed }) => {
    const note = notes.get(payment.id);
    return note?.state === "awaiting_transfer" ? [{ note, owed: owed.minor }] : [];
  });
  return [...Map.groupBy(noted, ({ note }) => note.checkout).values()].flatMap((of) => {
    const [first] = of;
    if (!first || of.every(({ owed }) => owed === 0n)) return [];
    const { checkout, reference } = first.note;
    return [{ checkout, reference, changed: of.some(({ note, owed }) => !note.hasArrived && owed < note.chosen) }];
  });
}
