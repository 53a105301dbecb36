import { sealAudit } from "#features/audit/seal-audit.ts";
import { sealAgain } from "#features/bank-accounts/seal-again.ts";
import { proveBooksNightly } from "#features/books/prove-books.ts";
import { processEvents } from "#features/checkouts/events-job.ts";
import { lookUpOpen } from "#features/checkouts/look-up-job.ts";
import { cleanUp } from "#features/housekeeping/clean-up.ts";
import { runImports } from "#features/imports/run-imports.ts";
import { sendMails } from "#features/notifications/send-mails.ts";
import { beginTaxStatuses } from "#features/partnerships/set-tax-status.ts";
import { gatherPayouts } from "#features/payouts/payouts-job.ts";
import { sendPayouts } from "#features/payouts/send-payouts.ts";
import { sendRefunds } from "#features/refunds/refunds-job.ts";
import { issueSelfBilled } from "#features/self-billing/issue-self-billed.ts";
import { sendTransfers } from "#features/transfers/send-transfers.ts";
import { markAmounts } from "#features/wallets/mark-flows.ts";
import type { House } from "#http/house.ts";
import type { TaskTable } from "#platform/jobs.ts";
import { deliverNews } from "#platform/outbox.ts";
import type { Schedule } from "#platform/worker.ts";
import { sandboxOf } from "#providers/providers.ts";
import { deliverSandboxEvents } from "#providers/sandbox/deliver.ts";
import { subscriptionsOf } from "./subscriptions.ts";

export type Outside = {
  /** Sends an HTTP request to ourselves as the far side would: signed provider events of the sandbox. */
  readonly deliver: (url: string, init: RequestInit) => Promise<Response>;
};

/** The function behind each job: one readable list. */
export function tasksOf(house: House, outside: Outside): TaskTable {
  const subscriptions = subscriptionsOf(house.origin);
  const sandbox = sandboxOf(house.providers);
  return {
    "outbox.deliver": (work) => deliverNews(work, subscriptions),
    "imports.run": (work) => runImports(work, house.storage),
    "audit.seal": sealAudit,
    "books.prove": proveBooksNightly,
    "partnerships.tax-status": beginTaxStatuses,
    "bank-details.seal": sealAgain,
    "cleanup.expired": cleanUp,
    "self-billing.issue": issueSelfBilled,
    "mail.send": (work) => sendMails(work, house.mailer),
    "provider.events": (work) => processEvents(work, house),
    "provider.look-up": (work) => lookUpOpen(work, house),
    "refunds.send": (work) => sendRefunds(work, house),
    "payouts.gather": gatherPayouts,
    "payouts.send": (work) => sendPayouts(work, house),
    "transfers.send": (work) => sendTransfers(work, house),
    "flows.mark": markAmounts,
    "sandbox.deliver": async (work) => {
      if (sandbox) await deliverSandboxEvents(work, sandbox, { origin: house.origin, send: outside.deliver });
    },
  };
}

/**
 * Looks that come by themselves, in UTC: what was due and not woken, what failed and is tried again, and the nightly
 * proofs.
 */
export const schedules: readonly Schedule[] = [
  { task: "mail.send", match: "* * * * *" },
  { task: "outbox.deliver", match: "* * * * *" },
  { task: "provider.events", match: "* * * * *" },
  { task: "provider.look-up", match: "* * * * *" },
  { task: "sandbox.deliver", match: "* * * * *" },
  { task: "refunds.send", match: "*/5 * * * *" },
  { task: "payouts.gather", match: "* * * * *" },
  { task: "payouts.send", match: "* * * * *" },
  { task: "transfers.send", match: "* * * * *" },
  { task: "imports.run", match: "* * * * *" },
  { task: "self-billing.issue", match: "*/5 * * * *" },
  { task: "flows.mark", match: "* * * * *" },
  { task: "audit.seal", match: "*/5 * * * *" },
  { task: "partnerships.tax-status", match: "5 * * * *" },
  { task: "bank-details.seal", match: "45 2 * * *" },
  { task: "cleanup.expired", match: "30 2 * * *" },
  { task: "books.prove", match: "15 3 * * *" },
];
