import type { Permit } from "#access/permit.ts";
import { keepEvent } from "#features/checkouts/event-store.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";
import type { ProviderEvent } from "#providers/provider.ts";

/**
 * Keeps a signed word of a provider, once per event id, and wakes the job that asks the provider itself. Nothing is
 * believed and nothing moves here. Answers whether it was new.
 */
export async function receiveEvent(
  cx: Cx,
  _may: Permit<"events.receive">,
  provider: string,
  event: ProviderEvent,
): Promise<boolean> {
  const isNew = await keepEvent(cx, provider, event);
  if (isNew) wake(cx, "provider.events", {});
  return isNew;
}
