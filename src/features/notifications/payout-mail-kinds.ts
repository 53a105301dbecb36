import type { Money } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { MailContent, MailPart } from "./mail-kinds.ts";

/** What a mail about a payout is told: what the partner's own page of it shows. */
export type PayoutMails = {
  payout: {
    readonly what: "sent" | "paid" | "failed" | "returned";
    readonly name: string;
    readonly partnership: string;
    readonly number: string;
    readonly amount: Money;
    /** The bank and the end of the account's number; undefined where nothing was sent. */
    readonly account: { readonly bank: string; readonly last4: string } | undefined;
    /** The number of the wallet that it went to instead. */
    readonly wallet: string | undefined;
    /** Why it failed or came back, in the reader's words. */
    readonly reason: string | undefined;
    readonly link: string;
    /** Where a contact who may corrects the bank details. */
    readonly fix: string | undefined;
  };
};

export const payoutMails = {
  payout: (t: T, { name }: Institution, params: PayoutMails["payout"]): MailContent => {
    const { what, number, reason, account, wallet } = params;
    const amount = t.money(params.amount);
    const netted = what === "paid" && params.amount.minor === 0n;
    const parts: MailPart[] = [
      { paragraph: t("mail.helloName", { name: params.name }) },
      { paragraph: netted ? t("mail.payout.paid.nettedText") : t(wordsOf(what, wallet), { amount }) },
    ];
    if (reason !== undefined) parts.push({ paragraph: reason }, { paragraph: t("mail.payout.safe") });
    parts.push({
      facts: [
        [t("mail.payout.partner"), params.partnership],
        [t("mail.payout.number"), number],
        [t("mail.payout.amount"), amount],
        ...(wallet === undefined ? [] : [[t("mail.payout.wallet"), wallet] as const]),
        ...(account ? [[t("mail.payout.account"), t("mail.payout.accountIs", account)] as const] : []),
      ],
    });
    if (params.fix !== undefined) parts.push({ button: t("mail.payout.fix"), link: params.fix });
    else parts.push({ button: t("mail.payout.button"), link: params.link });
    const sent = wallet === undefined ? (`mail.payout.${what}.subject` as const) : "mail.payout.paid.walletSubject";
    const subject = netted ? "mail.payout.paid.nettedSubject" : sent;
    return { subject: t(subject, { number, institution: name }), parts };
  },
};

function wordsOf(what: PayoutMails["payout"]["what"], wallet: string | undefined) {
  return wallet === undefined ? (`mail.payout.${what}.text` as const) : "mail.payout.paid.walletText";
}
