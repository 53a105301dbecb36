import { runImports } from "#features/imports/run-imports.ts";
import { sendMails } from "#features/notifications/send-mails.ts";
import type { House } from "#http/house.ts";
import type { TaskTable } from "#platform/jobs.ts";
import { deliverNews } from "#platform/outbox.ts";
import { subscriptions } from "./subscriptions.ts";

export type Outside = {
  /** Sends an HTTP request to ourselves as the far side would: signed provider events of the sandbox. */
  readonly deliver: (url: string, init: RequestInit) => Promise<Response>;
};

/** The function behind each job: one readable list. */
export function tasksOf(house: House, _outside: Outside): Partial<TaskTable> {
  return {
    "outbox.deliver": (work) => deliverNews(work, subscriptions),
    "imports.run": (work) => runImports(work, house.storage),
    "mail.send": (work) => sendMails(work, house.mailer),
  };
}
