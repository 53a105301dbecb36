import type { Instant } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { MailContent } from "./mail-kinds.ts";

/** What the mails about self-billing are told: what the partner's own page of it shows. */
export type SelfBillingMails = {
  self_billing_proposed: {
    readonly name: string;
    readonly partnership: string;
    readonly link: string;
    /** Whether the reader may accept it. */
    readonly mayAccept: boolean;
  };
  /** The agreement as it was accepted, for everybody's records. */
  self_billing_accepted: {
    readonly name: string;
    readonly partnership: string;
    readonly by: string;
    readonly at: Instant;
    readonly body: string;
    readonly link: string;
  };
  self_billing_answered: {
    readonly name: string;
    readonly number: string;
    readonly how: "reject" | "credit" | "reissue";
    readonly words: string;
    readonly link: string;
  };
};

export const selfBillingMails = {
  self_billing_proposed: (
    t: T,
    { name }: Institution,
    params: SelfBillingMails["self_billing_proposed"],
  ): MailContent => ({
    subject: t("mail.billing.proposedSubject", { institution: name }),
    parts: [
      { paragraph: t("mail.helloName", { name: params.name }) },
      { paragraph: t("mail.billing.proposed", { institution: name, partner: params.partnership }) },
      { paragraph: t(params.mayAccept ? "mail.billing.accept" : "mail.billing.who") },
      { button: t("mail.billing.read"), link: params.link },
    ],
  }),
  self_billing_accepted: (
    t: T,
    institution: Institution,
    params: SelfBillingMails["self_billing_accepted"],
  ): MailContent => ({
    subject: t("mail.billing.acceptedSubject", { institution: institution.name }),
    parts: [
      { paragraph: t("mail.helloName", { name: params.name }) },
      {
        paragraph: t("mail.billing.accepted", {
          by: params.by,
          partner: params.partnership,
          at: t.instant(params.at, institution.timeZone, "long"),
        }),
      },
      ...params.body.split("\n").map((line) => ({ paragraph: line })),
      { button: t("mail.billing.read"), link: params.link },
    ],
  }),
  self_billing_answered: (
    t: T,
    { name }: Institution,
    params: SelfBillingMails["self_billing_answered"],
  ): MailContent => ({
    subject: t("mail.billing.answeredSubject", { number: params.number, institution: name }),
    parts: [
      { paragraph: t("mail.helloName", { name: params.name }) },
      { paragraph: t(`mail.billing.answer.${params.how}`, { institution: name, number: params.number }) },
      { paragraph: params.words },
      { button: t("mail.billing.open"), link: params.link },
    ],
  }),
};
