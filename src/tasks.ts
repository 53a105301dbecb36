import { runImports } from "#features/imports/run-imports.ts";
import { sendMails } from "#features/notifications/send-mails.ts";
import type { House } from "#http/house.ts";
import type { Schedule } from "#platform/worker.ts";
import type { TaskTable } from "#platform/jobs.ts";
import { deliverNews } from "#platform/outbox.ts";
import { subscriptionsOf } from "./subscriptions.ts";

export type Outside = {
  /** Sends an HTTP request to ourselves as the far side would: signed provider events of the sandbox. */
  readonly deliver: (url: string, init: RequestInit) => Promise<Response>;
};

/** The function behind each job: one readable list. */
export function tasksOf(house: House, _outside: Outside): Partial<TaskTable> {
  const subscriptions = subscriptionsOf(house.origin);
  return {
    "outbox.deliver": (work) => deliverNews(work, subscriptions),
    "imports.run": (work) => runImports(work, house.storage),
    "mail.send": (work) => sendMails(work, house.mailer),
  };
}

/** Looks that come by themselves, in UTC: what was due and not woken, what failed and is tried again, and the nightly proofs. */
export const schedules: readonly Schedule[] = [
  { task: "mail.send", match: "* * * * *" },
  { task: "outbox.deliver", match: "* * * * *" },
  { task: "provider.events", match: "* * * * *" },
  { task: "provider.look-up", match: "* * * * *" },
  { task: "sandbox.deliver", match: "* * * * *" },
  { task: "refunds.send", match: "*/5 * * * *" },
  { task: "imports.run", match: "*/5 * * * *" },
  { task: "audit.seal", match: "*/5 * * * *" },
  { task: "cleanup.expired", match: "30 2 * * *" },
  { task: "books.prove", match: "15 3 * * *" },
];
