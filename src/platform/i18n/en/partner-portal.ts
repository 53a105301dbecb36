/** The frame of the partner portal, signing in to it, and what one sees of one's own access. */
export const partnerPortal = {
  "partner.of": "Partner of {institution}",
  "partner.nav.money": "Money",
  "partner.nav.business": "Business",
  "partner.nav.workspace": "Workspace",
  "partner.nav.overview": "Overview",
  "partner.nav.payouts": "Payouts",
  "partner.nav.invoices": "Invoices",
  "partner.nav.statement": "Statement",
  "partner.nav.customers": "Shared customers",
  "partner.nav.bankDetails": "Bank details",
  "partner.nav.selfBilling": "Self-billing",
  "partner.nav.security": "Security",
  "partner.nav.switch": "Change to another partner",
  "partner.searchCustomers": "Search customers",

  "partner.security.title": "Security",
  "partner.security.lead": "You’re signed in as {email}. There is no password: every sign-in is a link by e-mail.",
  "partner.security.sessions": "Where you’re signed in",
  "partner.security.sessionsText":
    "Each of these browsers can open the partner portal. Sign out of any that you don’t know.",
} as const;
