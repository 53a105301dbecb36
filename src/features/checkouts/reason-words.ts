import type { T } from "#platform/i18n/messages.ts";
import type { DeclineReason } from "#providers/provider.ts";

/** Why an attempt failed, in plain words that say what to do; empty when there is nothing to say. */
export function reasonWords(t: T, reason: DeclineReason | ""): string {
  return reason === "" ? "" : t(`pay.reason.${reason}`);
}
