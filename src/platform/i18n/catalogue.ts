// The one list of message files. A new surface adds its pair of files here: two imports, two lines.
import { common as arCommon } from "./ar/common.ts";
import { documents as arDocuments } from "./ar/documents.ts";
import { invoices as arInvoices } from "./ar/invoices.ts";
import { mails as arMails } from "./ar/mails.ts";
import { members as arMembers } from "./ar/members.ts";
import { partnerBank as arPartnerBank } from "./ar/partner-bank.ts";
import { partnerBilling as arPartnerBilling } from "./ar/partner-billing.ts";
import { partnerPayouts as arPartnerPayouts } from "./ar/partner-payouts.ts";
import { partnerPortal as arPartnerPortal } from "./ar/partner-portal.ts";
import { partnerTransfers as arPartnerTransfers } from "./ar/partner-transfers.ts";
import { partnerWallets as arPartnerWallets } from "./ar/partner-wallets.ts";
import { pay as arPay } from "./ar/pay.ts";
import { payoutMails as arPayoutMails } from "./ar/payout-mails.ts";
import { portal as arPortal } from "./ar/portal.ts";
import { problems as arProblems } from "./ar/problems.ts";
import { signIn as arSignIn } from "./ar/sign-in.ts";
import { statement as arStatement } from "./ar/statement.ts";
import { status as arStatus } from "./ar/status.ts";
import { transferMails as arTransferMails } from "./ar/transfer-mails.ts";
import { walletMails as arWalletMails } from "./ar/wallet-mails.ts";
import { common as enCommon } from "./en/common.ts";
import { documents as enDocuments } from "./en/documents.ts";
import { invoices as enInvoices } from "./en/invoices.ts";
import { mails as enMails } from "./en/mails.ts";
import { members as enMembers } from "./en/members.ts";
import { partnerBank as enPartnerBank } from "./en/partner-bank.ts";
import { partnerBilling as enPartnerBilling } from "./en/partner-billing.ts";
import { partnerPayouts as enPartnerPayouts } from "./en/partner-payouts.ts";
import { partnerPortal as enPartnerPortal } from "./en/partner-portal.ts";
import { partnerTransfers as enPartnerTransfers } from "./en/partner-transfers.ts";
import { partnerWallets as enPartnerWallets } from "./en/partner-wallets.ts";
import { pay as enPay } from "./en/pay.ts";
import { payoutMails as enPayoutMails } from "./en/payout-mails.ts";
import { portal as enPortal } from "./en/portal.ts";
import { problems as enProblems } from "./en/problems.ts";
import { signIn as enSignIn } from "./en/sign-in.ts";
import { statement as enStatement } from "./en/statement.ts";
import { status as enStatus } from "./en/status.ts";
import { transferMails as enTransferMails } from "./en/transfer-mails.ts";
import { walletMails as enWalletMails } from "./en/wallet-mails.ts";

export const en = {
  ...enCommon,
  ...enPay,
  ...enPortal,
  ...enProblems,
  ...enSignIn,
  ...enStatus,
  ...enMails,
  ...enMembers,
  ...enDocuments,
  ...enPartnerBank,
  ...enInvoices,
  ...enPartnerPortal,
  ...enPartnerBilling,
  ...enStatement,
  ...enPartnerPayouts,
  ...enPartnerTransfers,
  ...enPartnerWallets,
  ...enPayoutMails,
  ...enTransferMails,
  ...enWalletMails,
};

export type MessageKey = keyof typeof en;

export const ar: Readonly<Record<MessageKey, string>> = {
  ...arCommon,
  ...arPay,
  ...arPortal,
  ...arProblems,
  ...arSignIn,
  ...arStatus,
  ...arMails,
  ...arMembers,
  ...arDocuments,
  ...arPartnerBank,
  ...arInvoices,
  ...arPartnerPortal,
  ...arPartnerBilling,
  ...arStatement,
  ...arPartnerPayouts,
  ...arPartnerTransfers,
  ...arPartnerWallets,
  ...arPayoutMails,
  ...arTransferMails,
  ...arWalletMails,
};

/** The files one by one, so that a test can say which two define the same key. */
export const parts = {
  en: [
    enCommon,
    enPay,
    enPortal,
    enProblems,
    enSignIn,
    enStatus,
    enMails,
    enMembers,
    enDocuments,
    enPartnerBank,
    enInvoices,
    enPartnerPortal,
    enPartnerBilling,
    enStatement,
    enPartnerPayouts,
    enPartnerTransfers,
    enPartnerWallets,
    enPayoutMails,
    enTransferMails,
    enWalletMails,
  ],
  ar: [
    arCommon,
    arPay,
    arPortal,
    arProblems,
    arSignIn,
    arStatus,
    arMails,
    arMembers,
    arDocuments,
    arPartnerBank,
    arInvoices,
    arPartnerPortal,
    arPartnerBilling,
    arStatement,
    arPartnerPayouts,
    arPartnerTransfers,
    arPartnerWallets,
    arPayoutMails,
    arTransferMails,
    arWalletMails,
  ],
} as const;
