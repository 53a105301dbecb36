import type { Subscriptions } from "#platform/outbox.ts";

/** Which event wakes whom. Each runs in the transaction that marks the news as done. */
export const subscriptions: Subscriptions = {};
