import type { Money } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { MailContent } from "./mail-kinds.ts";

/** What mails about transfers are told: what the pages of the reader's own partner show. */
export type TransferMails = {
  transfer: {
    readonly what: "waiting" | "approved" | "rejected" | "completed" | "failed" | "returned";
    readonly route: "wallet" | "bank";
    readonly name: string;
    readonly partnership: string;
    readonly ref: string;
    readonly amount: Money;
    readonly fee: Money;
    /** Where it goes, as the member saw it: the holder masked where it is another's, or the bank. */
    readonly to: { readonly name: string; readonly number: string };
    readonly askedBy: string;
    /** Why it failed, in the reader's words; and what staff wrote. Empty where there is nothing to say. */
    readonly reason: string;
    readonly note: string;
    /** The wallet that took what the bank sent back, where the one that it left is closed; else empty. */
    readonly into: string;
    readonly link: string;
  };
  transfer_received: {
    readonly name: string;
    readonly partnership: string;
    readonly amount: Money;
    /** The reader's own wallet, as people write it. */
    readonly number: string;
    /** The wallet that sent it, its holder masked. */
    readonly from: { readonly name: string; readonly number: string };
    readonly link: string;
  };
};

type Writers = {
  readonly [K in keyof TransferMails]: (t: T, at: Institution, params: TransferMails[K]) => MailContent;
};

export const transferMails: Writers = {
  transfer: (t, at, params) => {
    const { what, ref, to, fee, reason, note } = params;
    return {
      subject: t(`mail.transfer.${what}.subject`, { ref, institution: at.name }),
      parts: [
        { paragraph: t("mail.helloName", { name: params.name }) },
        { paragraph: textOf(t, at.name, params) },
        ...(reason === "" ? [] : [{ paragraph: reason }]),
        {
          facts: [
            [t("mail.transfer.partner"), params.partnership],
            [t("mail.transfer.ref"), ref],
            [t("mail.transfer.amount"), t.money(params.amount)],
            ...(fee.minor > 0n ? [[t("mail.transfer.fee"), t.money(fee)] as const] : []),
            [t("mail.transfer.to"), t(params.route === "bank" ? "mail.transfer.bankIs" : "mail.transfer.toIs", to)],
            [t("mail.transfer.askedBy"), params.askedBy],
            ...(note === "" ? [] : [[t("mail.transfer.reason"), note] as const]),
          ],
        },
        { button: t("mail.transfer.button"), link: params.link },
      ],
    };
  },
  transfer_received: (t, _at, params) => {
    const amount = t.money(params.amount);
    return {
      subject: t("mail.transfer.received.subject", { amount, number: params.number }),
      parts: [
        { paragraph: t("mail.helloName", { name: params.name }) },
        { paragraph: t("mail.transfer.received.text", { amount }) },
        {
          facts: [
            [t("mail.transfer.partner"), params.partnership],
            [t("mail.transfer.amount"), amount],
            [t("mail.transfer.inWallet"), params.number],
            [t("mail.transfer.from"), t("mail.transfer.toIs", params.from)],
          ],
        },
        { button: t("mail.transfer.walletButton"), link: params.link },
      ],
    };
  },
};

function textOf(t: T, institution: string, { what, route, ...params }: TransferMails["transfer"]): string {
  const amount = t.money(params.amount);
  if (what === "approved") return t(`mail.transfer.approved.${route}Text`, { amount });
  if (what === "waiting") return t("mail.transfer.waiting.text", { institution, amount });
  if (what === "returned" && params.into !== "") {
    return t("mail.transfer.returned.elsewhereText", { amount, number: params.into });
  }
  return t(`mail.transfer.${what}.text`, { amount });
}
