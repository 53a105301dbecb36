import type { Money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { MailContent } from "./mail-kinds.ts";

/** What the mail about a new invoice is told: what the partner's own page of it shows. */
export type InvoiceMails = {
  invoice: {
    readonly name: string;
    readonly partnership: string;
    readonly number: string;
    readonly amount: Money;
    readonly due: PlainDate | undefined;
    readonly link: string;
    /** Whether the reader may pay it. */
    readonly mayPay: boolean;
  };
};

export const invoiceMails = {
  invoice: (t: T, { name }: Institution, params: InvoiceMails["invoice"]): MailContent => {
    const { number, due } = params;
    return {
      subject: t("mail.invoice.subject", { number, institution: name }),
      parts: [
        { paragraph: t("mail.helloName", { name: params.name }) },
        { paragraph: t("mail.invoice.text", { institution: name, partner: params.partnership }) },
        {
          facts: [
            [t("mail.invoice.number"), number],
            [t("mail.invoice.amount"), t.money(params.amount)],
            ...(due ? [[t("mail.invoice.due"), t.date(due, "long")] as const] : []),
          ],
        },
        { button: t(params.mayPay ? "mail.invoice.pay" : "mail.invoice.view"), link: params.link },
      ],
    };
  },
};
