import { accountCard } from "./account-card.tsx";
import { bankAccountsCard } from "./bank-accounts-card.tsx";
import { contactsCard, noContactNotice } from "./contacts-card.tsx";
import { customersCard } from "./customers-card.tsx";
import { detailsCard } from "./details-card.tsx";
import type { PartnershipCard } from "./partnership-card.ts";
import { payoutsCard } from "./payouts-card.tsx";
import { selfBillingCard } from "./self-billing-card.tsx";
import { sharesCard } from "./shares-card.tsx";
import { walletsCard } from "./wallets-card.tsx";

/** What stands on the page of a partner, in order. A card is a file of its own and one line here. */
export const cards: readonly PartnershipCard[] = [
  noContactNotice,
  detailsCard,
  contactsCard,
  accountCard,
  walletsCard,
  payoutsCard,
  bankAccountsCard,
  selfBillingCard,
  customersCard,
  sharesCard,
];

/** The words after a change that leads back to the page, by the `?done=` it leads back with. */
export const doneWords: Readonly<Record<string, string>> = {
  created: "The partner was added. Add a contact next: it is needed for payouts and for access to the partner portal.",
  saved: "The partner was changed.",
  "tax-status": "The status was saved.",
  "bank-active": "The account is saved and used from now on.",
  "bank-review": "The account is saved. Somebody else has to review it before it is used.",
  "contact-added": "The contact has access. A mail says so.",
  "contact-removed": "The contact is removed and signed out everywhere.",
};
