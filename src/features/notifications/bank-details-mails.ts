import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { MailContent } from "./mail-kinds.ts";

/** What a mail about bank details is told: never more of a number than its last four. */
export type BankDetailsMails = {
  bank_details: {
    readonly what: "proposed" | "approved" | "rejected";
    readonly by: "staff" | "partner";
    readonly name: string;
    readonly partnership: string;
    readonly currency: Currency;
    readonly holder: string;
    readonly last4: string;
    readonly reason: string;
    /** When the cooling-off period ends. */
    readonly usableFrom: Instant | undefined;
    readonly link: string;
  };
  /** To the address that a contact had. `email`: the new one, masked. */
  address_changed: { readonly name: string; readonly partnership: string; readonly email: string };
};

export const bankDetailsMails = {
  bank_details: (t: T, institution: Institution, params: BankDetailsMails["bank_details"]): MailContent => ({
    subject: t(`mail.bank.${params.what}.subject`, { partnership: params.partnership }),
    parts: [
      { paragraph: t("mail.helloName", { name: params.name }) },
      { paragraph: paragraphOf(t, institution, params) },
      {
        facts: [
          [t("mail.bank.partner"), params.partnership],
          [t("mail.bank.currency"), params.currency],
          [t("mail.bank.holder"), params.holder],
          [t("mail.bank.account"), t("mail.bank.accountIs", { last4: params.last4 })],
        ],
      },
      { button: t("mail.bank.button"), link: params.link },
      { small: t("mail.bank.notYou", { institution: institution.name }) },
    ],
  }),
  address_changed: (
    t: T,
    { name: institution }: Institution,
    params: BankDetailsMails["address_changed"],
  ): MailContent => ({
    subject: t("mail.addressChanged.subject", { institution }),
    parts: [
      { paragraph: t("mail.helloName", { name: params.name }) },
      {
        paragraph: t("mail.addressChanged.text", { institution, partnership: params.partnership, email: params.email }),
      },
      { paragraph: t("mail.addressChanged.closed") },
      { small: t("mail.bank.notYou", { institution }) },
    ],
  }),
};

function paragraphOf(t: T, { name, timeZone }: Institution, params: BankDetailsMails["bank_details"]): string {
  const { what, by, reason, usableFrom } = params;
  if (what === "rejected") return t("mail.bank.rejected.text", { institution: name, reason });
  if (what === "proposed") {
    return t(by === "staff" ? "mail.bank.proposed.staffText" : "mail.bank.proposed.text", { institution: name });
  }
  if (!usableFrom) return t("mail.bank.approved.text", { institution: name });
  return t("mail.bank.approved.later", { institution: name, date: t.instant(usableFrom, timeZone, "medium") });
}
