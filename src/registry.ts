import events from "#api/events.ts";
import { openApiRoutes } from "#api/openapi.ts";
import type { Route } from "#http/route.ts";
import account from "#web/customer/account/account.tsx";
import help from "#web/customer/help.tsx";
import overview from "#web/customer/overview/routes.tsx";
import pay from "#web/customer/pay/routes.tsx";
import payments from "#web/customer/payments/routes.tsx";
import receipts from "#web/customer/receipts.ts";
import devMail from "#web/dev/mail.tsx";
import devSignIn from "#web/dev/sign-in.tsx";
import partnerBankDetails from "#web/partner/bank-details/routes.tsx";
import partnerCustomers from "#web/partner/customers/routes.tsx";
import partnerInvitations from "#web/partner/invitations/routes.tsx";
import partnerInvoices from "#web/partner/invoices/routes.tsx";
import partnerLive from "#web/partner/live-route.ts";
import partnerOverview from "#web/partner/overview/routes.tsx";
import partnerPay from "#web/partner/pay/routes.tsx";
import partnerPayout from "#web/partner/payouts/payout.tsx";
import partnerPayouts from "#web/partner/payouts/routes.tsx";
import partnerSecurity from "#web/partner/security/routes.tsx";
import partnerStepUp from "#web/partner/security/step-up.tsx";
import partnerSelfBilling from "#web/partner/self-billing/routes.tsx";
import partnerStatement from "#web/partner/statement/routes.tsx";
import partnerTransferList from "#web/partner/transfers/list.tsx";
import partnerTransfersLive from "#web/partner/transfers/live.ts";
import partnerTransfers from "#web/partner/transfers/routes.tsx";
import partnerWallets from "#web/partner/wallets/routes.tsx";
import assets from "#web/public/assets.ts";
import health from "#web/public/health.ts";
import language from "#web/public/language.tsx";
import firstSetup from "#web/public/setup/setup.tsx";
import signInLink from "#web/public/sign-in/link.tsx";
import signInSent from "#web/public/sign-in/sent.tsx";
import signIn from "#web/public/sign-in/sign-in.tsx";
import sandbox from "#web/sandbox/routes.tsx";
import auditLog from "#web/staff/audit-log/routes.tsx";
import staffBankDetailsNew from "#web/staff/bank-details/new.tsx";
import staffBankDetails from "#web/staff/bank-details/review.tsx";
import books from "#web/staff/books/routes.tsx";
import staffCustomerDetail from "#web/staff/customers/detail.tsx";
import staffCustomerEdit from "#web/staff/customers/edit.tsx";
import staffCustomers from "#web/staff/customers/routes.tsx";
import importFiles from "#web/staff/imports/files.ts";
import imports from "#web/staff/imports/routes.tsx";
import staffInvoiceActions from "#web/staff/invoices/actions.tsx";
import staffInvoiceDetail from "#web/staff/invoices/detail.tsx";
import staffInvoices from "#web/staff/invoices/routes.tsx";
import staffInvoiceWrite from "#web/staff/invoices/write.tsx";
import staffAccount from "#web/staff/members/account.tsx";
import staffMember from "#web/staff/members/member.tsx";
import staffOverview from "#web/staff/overview/routes.tsx";
import staffContacts from "#web/staff/partnerships/contacts.tsx";
import staffPartnershipDetail from "#web/staff/partnerships/detail.tsx";
import staffPartnershipEdit from "#web/staff/partnerships/edit.tsx";
import staffPartnerships from "#web/staff/partnerships/routes.tsx";
import staffTaxStatus from "#web/staff/partnerships/tax-status.tsx";
import staffPaymentDetail from "#web/staff/payments/detail.tsx";
import staffPaymentEdit from "#web/staff/payments/edit.tsx";
import staffPaymentNew from "#web/staff/payments/new.tsx";
import staffPaymentRecord from "#web/staff/payments/record.tsx";
import staffPaymentRefund from "#web/staff/payments/refund.tsx";
import staffPayments from "#web/staff/payments/routes.tsx";
import staffPayoutApprovals from "#web/staff/payouts/approvals.tsx";
import staffPayoutDetail from "#web/staff/payouts/detail.tsx";
import staffPartnerPayouts from "#web/staff/payouts/partner.tsx";
import staffPayouts from "#web/staff/payouts/routes.tsx";
import staffPayoutSettings from "#web/staff/payouts/settings.tsx";
import staffReceiptFile from "#web/staff/receipt-file.ts";
import staffUnmatched from "#web/staff/receipts/routes.tsx";
import staffSecurityChange from "#web/staff/security/change.tsx";
import staffSecurity from "#web/staff/security/security.tsx";
import staffSelfBillingAgreement from "#web/staff/self-billing/agreement.tsx";
import staffSelfBilling from "#web/staff/self-billing/routes.tsx";
import staffInstitution from "#web/staff/setup/institution.tsx";
import staffSetup from "#web/staff/setup/setup.tsx";
import staffForgot from "#web/staff/sign-in/forgot.tsx";
import staffSignIn from "#web/staff/sign-in/sign-in.tsx";
import staffStepUp from "#web/staff/sign-in/step-up.tsx";
import staffTwoStep from "#web/staff/sign-in/two-step.tsx";
import staffStatement from "#web/staff/statement/routes.tsx";
import staffTariffs from "#web/staff/tariffs/routes.tsx";
import staffTariff from "#web/staff/tariffs/tariff.tsx";
import staffTransfers from "#web/staff/transfers/routes.tsx";
import staffTransfer from "#web/staff/transfers/transfer.tsx";
import staffWalletAdjust from "#web/staff/wallets/adjust.tsx";
import staffAdjustments from "#web/staff/wallets/adjustments.tsx";
import staffWalletCurrencies from "#web/staff/wallets/currencies.tsx";
import staffWalletDetail from "#web/staff/wallets/detail.tsx";
import staffWalletFlows from "#web/staff/wallets/flows.tsx";
import staffWalletOpen from "#web/staff/wallets/open.tsx";
import staffWallets from "#web/staff/wallets/routes.tsx";

/** Every page and endpoint, one line a module. A route that is not here does not exist. */
export const registry: readonly Route[] = [
  ...assets,
  ...health,
  ...language,
  ...signIn,
  ...signInSent,
  ...signInLink,
  ...account,
  ...help,
  ...overview,
  ...payments,
  ...pay,
  ...events,
  ...openApiRoutes(() => registry),
  ...receipts,
  ...staffReceiptFile,
  ...firstSetup,
  ...staffSignIn,
  ...staffTwoStep,
  ...staffForgot,
  ...staffStepUp,
  ...staffSecurity,
  ...staffSecurityChange,
  ...staffSetup,
  ...staffInstitution,
  ...staffUnmatched,
  ...partnerOverview,
  ...partnerPayouts,
  ...partnerPayout,
  ...partnerCustomers,
  ...partnerLive,
  ...partnerInvitations,
  ...partnerSecurity,
  ...partnerStatement,
  ...partnerTransferList,
  ...partnerTransfersLive,
  ...partnerTransfers,
  ...partnerSelfBilling,
  ...staffStatement,
  ...staffSelfBilling,
  ...staffSelfBillingAgreement,
  ...partnerStepUp,
  ...sandbox,
  ...devSignIn,
  ...devMail,
  ...staffOverview,
  ...books,
  ...auditLog,
  ...partnerWallets,
  ...partnerInvoices,
  ...partnerPay,
  ...staffInvoices,
  ...staffInvoiceWrite,
  ...staffInvoiceActions,
  ...staffInvoiceDetail,
  ...staffPartnerships,
  ...staffContacts,
  ...staffAccount,
  ...staffMember,
  ...staffPartnershipEdit,
  ...staffTaxStatus,
  ...staffBankDetailsNew,
  ...staffBankDetails,
  ...partnerBankDetails,
  ...staffPartnershipDetail,
  ...staffCustomers,
  ...staffCustomerEdit,
  ...staffCustomerDetail,
  ...staffPayments,
  ...staffPaymentNew,
  ...staffPaymentEdit,
  ...staffPaymentRecord,
  ...staffPaymentRefund,
  ...staffPaymentDetail,
  ...staffPayouts,
  ...staffPayoutApprovals,
  ...staffPayoutSettings,
  ...staffPartnerPayouts,
  ...staffPayoutDetail,
  ...staffTariffs,
  ...staffTariff,
  ...staffTransfers,
  ...staffTransfer,
  ...staffWallets,
  ...staffWalletOpen,
  ...staffAdjustments,
  ...staffWalletCurrencies,
  ...staffWalletDetail,
  ...staffWalletAdjust,
  ...staffWalletFlows,
  ...importFiles,
  ...imports,
];
