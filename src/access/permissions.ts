import type { ContactRight, PrincipalKind, Role } from "#access/principal.ts";

/**
 * Which roles of staff, which right of a contact, which roles of a partner account, and which other kinds of principal,
 * may do it.
 */
type Rule = {
  readonly staff?: readonly Role[];
  readonly partner?: ContactRight;
  readonly member?: readonly Role[];
  readonly kinds?: readonly PrincipalKind[];
};

const everybody = ["OWNER", "ADMIN", "OPERATOR", "VIEWER"] as const;
const operators = ["OWNER", "ADMIN", "OPERATOR"] as const;
const admins = ["OWNER", "ADMIN"] as const;

/** The one table of permissions. A key that is not here can't be asked for. */
export const permissions = {
  "staff.overview": { staff: everybody },
  "customers.read": { staff: everybody },
  "customers.export": { staff: operators },
  "customers.write": { staff: operators, kinds: ["system"] },
  "payments.read": { staff: everybody },
  "payments.export": { staff: operators },
  "payments.write": { staff: operators, kinds: ["system"] },
  "payments.discount": { staff: admins, kinds: ["system"] },
  "payments.record": { staff: operators, kinds: ["system"] },
  "payments.refund": { staff: admins, kinds: ["system"] },
  "payments.settle": { kinds: ["system"] },
  "receipts.match": { staff: operators },
  "partnerships.read": { staff: everybody },
  "partnerships.export": { staff: operators },
  "partnerships.write": { staff: admins, kinds: ["system"] },
  "imports.read": { staff: everybody },
  "imports.export": { staff: operators },
  "imports.run": { staff: admins, kinds: ["system"] },
  "audit.read": { staff: admins },
  "books.read": { staff: everybody },
  "institution.read": { staff: everybody },
  "institution.write": { staff: admins },
  "security.own": { staff: everybody },
  "payouts.read": { staff: everybody },
  "payouts.export": { staff: operators },
  "payouts.write": { staff: operators, kinds: ["system"] },
  "payouts.approve": { staff: admins },
  "payouts.settings": { staff: admins },
  "payouts.settle": { kinds: ["system"] },
  "bank-details.write": { staff: admins },
  "bank-details.review": { staff: admins },
  "invoices.read": { staff: everybody },
  "invoices.export": { staff: operators },
  "invoices.write": { staff: operators, kinds: ["system"] },
  "invoices.settle": { kinds: ["system"] },
  "self-billing.write": { staff: admins, kinds: ["system"] },
  "members.read": { staff: everybody },
  "members.write": { staff: admins, kinds: ["system"] },
  "wallets.read": { staff: everybody },
  "wallets.export": { staff: operators },
  "wallets.write": { staff: admins, kinds: ["system"] },
  "wallets.adjust": { staff: admins, kinds: ["system"] },
  "transfers.read": { staff: everybody },
  "transfers.export": { staff: operators },
  "transfers.approve": { staff: admins, kinds: ["system"] },
  "transfers.settle": { kinds: ["system"] },
  "tariffs.read": { staff: everybody },
  "tariffs.write": { staff: admins, kinds: ["system"] },
  "partner.view": { partner: "view" },
  "partner.pay": { partner: "pay" },
  "partner.bank-details": { partner: "bank_details" },
  // Members of a partner account: a contact alone sees nothing of them.
  "partner.wallets": { member: everybody },
  "partner.transfer": { member: operators },
  // Whoever is signed in for a partner: sessions, switching, signing out.
  "partner.account": { kinds: ["partner"] },
  "portal.read": { kinds: ["customer"] },
  "portal.pay": { kinds: ["customer"] },
  "portal.account": { kinds: ["customer"] },
  "two-step.finish": { kinds: ["pending_staff"] },
  "sign-in": { kinds: ["visitor"] },
  "setup.first": { kinds: ["visitor"] },
  "public.read": { kinds: ["visitor"] },
  "events.receive": { kinds: ["visitor"] },
  "system.work": { kinds: ["system"] },
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof permissions;

/**
 * Whether the table gives this permission to such a principal: `role` is that of staff, or of a member. Ownership is
 * checked where the row is read.
 */
export function allows(
  permission: Permission,
  kind: PrincipalKind,
  role: Role | undefined,
  rights: readonly ContactRight[] = [],
): boolean {
  const rule: Rule = permissions[permission];
  if (kind === "partner" && rule.partner !== undefined) return rights.includes(rule.partner);
  if (kind === "partner" && rule.member !== undefined) return role !== undefined && rule.member.includes(role);
  if (kind === "staff") return role !== undefined && (rule.staff ?? []).includes(role);
  return (rule.kinds ?? []).includes(kind);
}
