// The one list of message files. A new surface adds its pair of files here: two imports, two lines.
import { common as arCommon } from "./ar/common.ts";
import { mails as arMails } from "./ar/mails.ts";
import { problems as arProblems } from "./ar/problems.ts";
import { status as arStatus } from "./ar/status.ts";
import { common as enCommon } from "./en/common.ts";
import { mails as enMails } from "./en/mails.ts";
import { problems as enProblems } from "./en/problems.ts";
import { status as enStatus } from "./en/status.ts";

export const en = {
  ...enCommon,
  ...enProblems,
  ...enStatus,
  ...enMails,
};

export type MessageKey = keyof typeof en;

export const ar: Readonly<Record<MessageKey, string>> = {
  ...arCommon,
  ...arProblems,
  ...arStatus,
  ...arMails,
};

/** The files one by one, so that a test can say which two define the same key. */
export const parts = {
  en: [enCommon, enProblems, enStatus, enMails],
  ar: [arCommon, arProblems, arStatus, arMails],
} as const;
