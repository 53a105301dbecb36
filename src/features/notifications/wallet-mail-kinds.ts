import type { Money } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { MailContent } from "./mail-kinds.ts";

/** What a mail about a wallet is told: what its partner's own pages show. */
export type WalletMails = {
  wallet: {
    readonly what: "opened" | "frozen" | "unfrozen" | "closed" | "credited" | "debited";
    readonly name: string;
    readonly partnership: string;
    /** As people write it. */
    readonly number: string;
    readonly purpose: "general" | "commission" | "deposits" | "reserve";
    readonly currency: string;
    /** Of an adjustment. */
    readonly amount: Money | undefined;
    /** What staff wrote for the partner; empty where they did not. */
    readonly reason: string;
    readonly link: string;
  };
};

export const walletMails = {
  wallet: (t: T, { name }: Institution, params: WalletMails["wallet"]): MailContent => {
    const { number, partnership, reason } = params;
    const { subject, text } = headOf(t, name, params);
    return {
      subject,
      parts: [
        { paragraph: t("mail.helloName", { name: params.name }) },
        { paragraph: text },
        {
          facts: [
            [t("mail.wallet.partner"), partnership],
            [t("mail.wallet.number"), number],
            [t("mail.wallet.purpose"), t(`wallet.purpose.${params.purpose}`)],
            [t("mail.wallet.currency"), params.currency],
            ...(params.amount ? [[t("mail.wallet.amount"), t.money(params.amount)] as const] : []),
            ...(reason === "" ? [] : [[t("mail.wallet.reason"), reason] as const]),
          ],
        },
        { button: t("mail.wallet.button"), link: params.link },
        { small: t("mail.wallet.ask", { institution: name }) },
      ],
    };
  },
};

/** What happened, once for the list of mails and once in full. */
function headOf(t: T, institution: string, params: WalletMails["wallet"]): { subject: string; text: string } {
  const { what, number, partnership } = params;
  const amount = params.amount ? t.money(params.amount) : "";
  switch (what) {
    case "opened":
      return {
        subject: t("mail.wallet.opened.subject", { institution, partnership }),
        text: t("mail.wallet.opened.text", { institution }),
      };
    case "credited":
    case "debited":
      return {
        subject: t(`mail.wallet.${what}.subject`, { amount, number }),
        text: t(`mail.wallet.${what}.text`, { institution, amount }),
      };
    default:
      return {
        subject: t(`mail.wallet.${what}.subject`, { number }),
        text: t(`mail.wallet.${what}.text`, { institution }),
      };
  }
}
