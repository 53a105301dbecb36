/**
 * Every job there is, with what its payload holds beside the institution (ids only, nothing private). A new kind of
 * work adds a line here; tsc then asks main.ts for the function that does it.
 */
export type Tasks = {
  "outbox.deliver": Record<never, never>;
  "mail.send": Record<never, never>;
  "audit.seal": Record<never, never>;
  "books.prove": Record<never, never>;
  "imports.run": { readonly import?: string };
  "provider.events": Record<never, never>;
  "provider.look-up": Record<never, never>;
  "sandbox.deliver": Record<never, never>;
  "refunds.send": Record<never, never>;
  "payouts.gather": Record<never, never>;
  "payouts.send": Record<never, never>;
  "transfers.send": Record<never, never>;
  "flows.mark": Record<never, never>;
  "bank-details.seal": Record<never, never>;
  "partnerships.tax-status": Record<never, never>;
  "self-billing.issue": Record<never, never>;
  "cleanup.expired": Record<never, never>;
};
export type TaskName = keyof Tasks;
