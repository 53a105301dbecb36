import { hash } from "node:crypto";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Id } from "#kernel/ids.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";

export type AgreementId = Id<"sba">;
export type AgreementState = "proposed" | "accepted" | "expired" | "revoked";

/** What the law of a country wants to be said, as data (table app.country_wording). `*` is for every other country. */
export type Wording = {
  readonly country: string;
  /** What the document is called. */
  readonly title: string;
  /** What has to stand on it. */
  readonly notice: string;
  readonly agreement: string;
  /** How long an agreement holds; undefined: until somebody ends it. */
  readonly months: number | undefined;
  /** Whether the partner must be registered for tax on the day that a share is earned. */
  readonly needsRegistration: boolean;
  /** Where the words come from. */
  readonly source: string;
};

/** An agreement that the institution issues a partner's invoices. The words stay as they were proposed. */
export type Agreement = {
  readonly id: AgreementId;
  readonly partnership: PartnershipId;
  readonly country: string;
  readonly body: string;
  readonly state: AgreementState;
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly acceptedName: string;
  readonly acceptedEmail: string;
  readonly acceptedIp: string;
  readonly acceptedAgent: string;
  readonly acceptedAt: Instant | undefined;
  /** The last day on which a share earned is invoiced. */
  readonly validUntil: PlainDate | undefined;
  readonly endedAt: Instant | undefined;
};

/** Fills the names and the time that it holds into the words of a country. */
export function agreementText(
  wording: Pick<Wording, "agreement" | "months">,
  parties: { readonly institution: string; readonly partner: string },
): string {
  const values: Readonly<Record<string, string>> = { ...parties, months: String(wording.months ?? "") };
  return wording.agreement.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Stands for one agreement and the words in it: who accepts says by it what they read. */
export function agreementVersion({ id, body }: Pick<Agreement, "id" | "body">): string {
  return hash("sha256", `${id}\n${body}`, "base64url").slice(0, 22);
}

/** The last day of an agreement that begins on a day. */
export function lastDay(from: PlainDate, months: number | undefined): PlainDate | undefined {
  return months === undefined ? undefined : from.add({ months }).subtract({ days: 1 });
}

/** The wording for a country: its own, or the one for every other. */
export function wordingFor(wordings: readonly Wording[], country: string): Wording | undefined {
  return wordings.find((one) => one.country === country) ?? wordings.find((one) => one.country === "*");
}

/** How staff read the state of an agreement. */
export const agreementWords = {
  proposed: "Waits for the partner",
  accepted: "In force",
  expired: "Expired",
  revoked: "Ended",
} as const satisfies Record<AgreementState, string>;

export const longestReason = 1_000;
