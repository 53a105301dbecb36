import type { Child, PropsWithChildren } from "hono/jsx";
import { allows, type Permission } from "#access/permissions.ts";
import type { Staff } from "#access/principal.ts";
import type { Ui } from "#http/request.ts";
import { translator } from "#platform/i18n/messages.ts";
import { brandOf } from "#web/brand.ts";
import type { Problems } from "#web/ui/form.tsx";
import { AppLayout, type Crumb, type NavGroup } from "#web/ui/layout-app.tsx";
import { Notice } from "#web/ui/notice.tsx";

/** The places of the staff dashboard. A page adds itself here when it exists. */
const nav: readonly NavGroup[] = [
  { items: [{ href: "/staff", label: "Overview", icon: "home" }] },
  {
    label: "Money",
    items: [
      { href: "/staff/payments", label: "Payments", icon: "credit-card" },
      { href: "/staff/payouts", label: "Payouts", icon: "send" },
      { href: "/staff/invoices", label: "Invoices", icon: "receipt" },
      { href: "/staff/self-billing", label: "Self-billing", icon: "file-invoice" },
      { href: "/staff/wallets", label: "Wallets", icon: "wallet" },
      { href: "/staff/transfers", label: "Transfers", icon: "arrows-exchange" },
      { href: "/staff/money-received", label: "Money received", icon: "coin" },
      { href: "/staff/unmatched", label: "Unmatched money", icon: "inbox" },
    ],
  },
  {
    label: "People",
    items: [
      { href: "/staff/customers", label: "Customers", icon: "users" },
      { href: "/staff/partnerships", label: "Partnerships", icon: "building" },
      { href: "/staff/bank-details", label: "Bank details", icon: "id" },
    ],
  },
  {
    label: "Records",
    items: [
      { href: "/staff/imports", label: "Imports", icon: "upload" },
      { href: "/staff/audit-log", label: "Audit log", icon: "list-check" },
      { href: "/staff/books", label: "Books", icon: "building-bank" },
    ],
  },
  {
    label: "Settings",
    items: [
      { href: "/staff/setup", label: "Set-up", icon: "adjustments" },
      { href: "/staff/settings/institution", label: "Institution", icon: "settings" },
      { href: "/staff/settings/payouts", label: "Payout settings", icon: "adjustments" },
      { href: "/staff/tariffs", label: "Tariffs", icon: "percentage" },
    ],
  },
];

/** Places that not every member may open. */
const closedPlaces = {
  "/staff/settings/payouts": "payouts.settings",
  "/staff/audit-log": "audit.read",
  "/staff/bank-details": "bank-details.review",
} as const satisfies Readonly<Record<string, Permission>>;

/** The places that this member may open. */
function navOf(staff: Staff): readonly NavGroup[] {
  const closed = Object.entries(closedPlaces).flatMap(([href, may]) =>
    allows(may, "staff", staff.role) ? [] : [href],
  );
  return nav.map((group) => ({ ...group, items: group.items.filter((item) => !closed.includes(item.href)) }));
}

const roleNames = { OWNER: "Owner", ADMIN: "Administrator", OPERATOR: "Operator", VIEWER: "Viewer" } as const;

type StaffPageProps = PropsWithChildren<{
  ui: Ui;
  staff: Staff;
  title: string;
  /** Whose words of success to show after a redirect with `?done=key`. */
  done?: Readonly<Record<string, string>>;
  problems?: Problems | undefined;
  crumbs?: readonly Crumb[];
  lead?: Child;
  beside?: Child;
  end?: Child;
  /** The address of the place that lights in the navigation; the page's own where it stands below one. */
  current?: string;
  search?: string;
}>;

/** Every page of the staff dashboard. The navigation lights itself by the path. */
export function StaffPage(props: StaffPageProps) {
  const { ui, staff, done = {}, search, problems, children, crumbs, lead, beside, end } = props;
  const words = ui.done === undefined ? undefined : done[ui.done];
  return (
    <AppLayout
      t={translator("en")}
      title={props.title}
      brand={brandOf(ui)}
      nonce={ui.nonce}
      surface="staff"
      workspace={{ name: ui.institution.name, sub: "Staff", href: "/staff" }}
      nav={navOf(staff)}
      current={props.current ?? ui.path}
      person={{ name: staff.name, sub: `${roleNames[staff.role]}, ${ui.institution.name}` }}
      personLinks={[{ href: "/staff/security", label: "Your security", icon: "shield" }]}
      signOut={{ action: "/staff/sign-out" }}
      search={{
        action: "/staff/customers",
        label: "Search customers",
        ...(search === undefined ? {} : { value: search }),
      }}
      problems={problems}
      {...(crumbs && { crumbs })}
      {...(lead !== undefined && { lead })}
      {...(beside !== undefined && { beside })}
      {...(end !== undefined && { end })}
      {...(words !== undefined && {
        flash: (
          <Notice tone="ok" live>
            {words}
          </Notice>
        ),
      })}
    >
      {children}
    </AppLayout>
  );
}
