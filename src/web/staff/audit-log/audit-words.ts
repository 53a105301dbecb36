import { isId } from "#kernel/ids.ts";

/** What the log may be narrowed to: the noun in front of an event, in words. */
export const eventKinds = {
  payment: "Payments",
  plan: "Payment plans",
  checkout: "Checkouts",
  attempt: "Tries to pay",
  money: "Money that arrived",
  receipt: "Receipts",
  refund: "Refunds that failed",
  customer: "Customers",
  payer: "Payers",
  partnership: "Partnerships",
  contact: "Contacts of partners",
  account: "Partner accounts",
  member: "Members of partner accounts",
  import: "Imports",
  institution: "The institution",
  staff: "Members of staff",
  "sign-in": "Signing in and out",
  session: "Sessions",
  password: "Passwords",
  "two-step": "Two-step sign-in",
  "recovery-code": "Recovery codes used",
  "recovery-codes": "Recovery codes replaced",
  "step-up": "Proofs of identity",
} as const;
export type EventKind = keyof typeof eventKinds;
export const eventKindNames = Object.keys(eventKinds) as [EventKind, ...EventKind[]];

/** Kinds of actor, in words. */
export const actorKinds = {
  staff: "Anybody of staff",
  customer: "Customers",
  partner: "Contacts and members of partners",
  system: "Portico itself",
  visitor: "Nobody signed in",
} as const;

/** Whether a filter may ask for this actor: a kind, or one member of staff. */
export function isActor(text: string): boolean {
  return Object.hasOwn(actorKinds, text) || isId("stf", text);
}

/** The page of a thing, where it has one. */
export function hrefOf(subject: string): string | undefined {
  if (isId("cus", subject)) return `/staff/customers/${subject}`;
  if (isId("pay", subject)) return `/staff/payments/${subject}`;
  if (isId("prt", subject)) return `/staff/partnerships/${subject}`;
  if (isId("imp", subject)) return `/staff/imports/${subject}`;
  if (isId("rcp", subject)) return `/staff/receipts/${subject}`;
  return undefined;
}
