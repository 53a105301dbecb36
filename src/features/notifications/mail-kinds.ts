import type { Money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import { type BankDetailsMails, bankDetailsMails } from "./bank-details-mails.ts";
import { type InvoiceMails, invoiceMails } from "./invoice-mail-kinds.ts";
import { type MemberMails, memberMails } from "./member-mail-kinds.ts";
import { type PartnerAccessMails, partnerAccessMails } from "./partner-access-mails.ts";

import { type PayoutMails, payoutMails } from "./payout-mail-kinds.ts";
import { type SelfBillingMails, selfBillingMails } from "./self-billing-mail-kinds.ts";
import { type TransferMails, transferMails } from "./transfer-mail-kinds.ts";
import { type WalletMails, walletMails } from "./wallet-mail-kinds.ts";

/** What each kind of mail is told. A new kind adds a line here and a function below. */
export type MailParams = InvoiceMails &
  PayoutMails &
  BankDetailsMails &
  SelfBillingMails &
  PartnerAccessMails &
  MemberMails &
  TransferMails &
  WalletMails & {
    sign_in: { readonly link: string; readonly code: string; readonly minutes: number };
    set_password: { readonly link: string; readonly minutes: number };
    password_changed: Record<never, never>;
    locked: { readonly minutes: number };
    receipt: {
      readonly name: string;
      readonly number: string;
      readonly date: PlainDate;
      readonly method: string;
      readonly items: readonly string[];
      readonly amount: Money;
      readonly link: string;
    };
  };
export type MailKind = keyof MailParams;

/** A mail before it has a shape: its parts in reading order. Both the text and the HTML are made from it. */
export type MailContent = {
  readonly subject: string;
  readonly parts: readonly MailPart[];
};
export type MailPart =
  | { readonly paragraph: string }
  | { readonly small: string }
  | { readonly button: string; readonly link: string }
  | { readonly code: string }
  | { readonly facts: readonly (readonly [label: string, value: string])[] };

type Writers = { readonly [K in MailKind]: (t: T, institution: Institution, params: MailParams[K]) => MailContent };

const writers: Writers = {
  ...invoiceMails,
  ...payoutMails,
  ...bankDetailsMails,
  ...selfBillingMails,
  ...partnerAccessMails,
  ...memberMails,
  ...transferMails,
  ...walletMails,
  sign_in: (t, { name }, { link, code, minutes }) => ({
    subject: t("mail.signIn.subject", { institution: name }),
    parts: [
      { paragraph: t("mail.hello") },
      { paragraph: t("mail.signIn.text", { minutes }) },
      { button: t("mail.signIn.button"), link },
      { paragraph: t("mail.signIn.code") },
      { code },
      { small: t("mail.signIn.notYou") },
    ],
  }),
  set_password: (t, { name }, { link, minutes }) => ({
    subject: t("mail.setPassword.subject", { institution: name }),
    parts: [
      { paragraph: t("mail.hello") },
      { paragraph: t("mail.setPassword.text", { minutes }) },
      { button: t("mail.setPassword.button"), link },
      { paragraph: t("mail.setPassword.twoStep") },
      { small: t("mail.setPassword.notYou") },
    ],
  }),
  password_changed: (t, { name }) => ({
    subject: t("mail.passwordChanged.subject", { institution: name }),
    parts: [
      { paragraph: t("mail.hello") },
      { paragraph: t("mail.passwordChanged.text") },
      { paragraph: t("mail.passwordChanged.notYou") },
    ],
  }),
  locked: (t, { name }, { minutes }) => ({
    subject: t("mail.locked.subject", { institution: name }),
    parts: [
      { paragraph: t("mail.hello") },
      { paragraph: t("mail.locked.text", { minutes }) },
      { paragraph: t("mail.locked.you") },
      { paragraph: t("mail.locked.notYou") },
    ],
  }),
  receipt: (t, institution, params) => ({
    subject: t("mail.receipt.subject", { number: params.number, institution: institution.name }),
    parts: [
      { paragraph: t("mail.helloName", { name: params.name }) },
      { paragraph: t("mail.receipt.text", { amount: t.money(params.amount) }) },
      {
        facts: [
          [t("mail.receipt.number"), params.number],
          [t("mail.receipt.date"), t.date(params.date, "long")],
          [t("mail.receipt.method"), params.method],
          ...params.items.map((item) => [t("mail.receipt.item"), item] as const),
          [t("mail.receipt.amount"), t.money(params.amount)],
        ],
      },
      { button: t("mail.receipt.button"), link: params.link },
    ],
  }),
};

/** The content of a mail in the reader's language. */
export function mailContent<K extends MailKind>(
  kind: K,
  t: T,
  institution: Institution,
  params: MailParams[K],
): MailContent {
  return writers[kind](t, institution, params);
}
