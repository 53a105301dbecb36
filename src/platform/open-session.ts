import type pg from "pg";
import type { Customer, InstitutionId, Partner, PendingStaff, Principal, Staff } from "#access/principal.ts";
import { Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import { send } from "#platform/database.ts";
import type { Institution } from "#platform/institution.ts";

/** What a transaction was opened as, and where. */
export type Opened = { readonly principal: Principal; readonly institution: Institution };

type Asked = { readonly client: pg.ClientBase; readonly token: Buffer; readonly now: Instant };

/** Where the settings of an institution at a version come from. */
export type Settings = (id: InstitutionId, version: number) => Institution | Promise<Institution>;

/** What every face's function answers; none of them answers a row when the session opens nothing (any more). */
type SessionRow = {
  session_id: string;
  institution_id: InstitutionId;
  institution_version: number;
  stepped_up_at: Instant | null;
  email: string;
};

async function ask<R extends pg.QueryResultRow>({ client, token, now }: Asked, text: string): Promise<R> {
  const { rows } = await send<R>(client, text, [token, now]);
  const row = rows[0];
  if (!row) throw new Problem("sign-in.required", "Your session has ended. Sign in to go on.");
  return row;
}

function sessionOf<S extends { readonly id: string; readonly steppedUpAt: Instant | undefined }>(row: {
  session_id: string;
  stepped_up_at: Instant | null;
}): S {
  return { id: row.session_id, steppedUpAt: row.stepped_up_at ?? undefined } as S;
}

type StaffRow = SessionRow & {
  two_step_pending: boolean;
  staff_id: Staff["id"];
  staff_name: string;
  staff_role: Staff["role"];
  has_two_step: boolean;
};

const staffText = "select * from app.open_staff_session($1, $2)";

/** Opens the transaction of this client for a member of staff; throws `sign-in.required` when the session does not. */
export async function openStaffSession(asked: Asked, settings: Settings): Promise<Opened> {
  const row = await ask<StaffRow>(asked, staffText);
  const institution = await settings(row.institution_id, row.institution_version);
  const shared = {
    institution: institution.id,
    id: row.staff_id,
    name: row.staff_name,
    email: row.email,
    role: row.staff_role,
    session: sessionOf<Staff["session"]>(row),
  };
  const principal: Staff | PendingStaff = row.two_step_pending
    ? { kind: "pending_staff", ...shared, hasTwoStep: row.has_two_step }
    : { kind: "staff", ...shared };
  return { institution, principal };
}

type CustomerRow = SessionRow & {
  customer_id: Customer["customer"];
  customer_name: string;
  language: string;
  time_zone: string;
};

const customerText = "select * from app.open_customer_session($1, $2)";

/** Opens the transaction of this client for a customer; throws `sign-in.required` when the session does not. */
export async function openCustomerSession(asked: Asked, settings: Settings): Promise<Opened> {
  const row = await ask<CustomerRow>(asked, customerText);
  const institution = await settings(row.institution_id, row.institution_version);
  const principal: Customer = {
    kind: "customer",
    institution: institution.id,
    customer: row.customer_id,
    name: row.customer_name,
    email: row.email,
    language: row.language,
    timeZone: row.time_zone,
    session: sessionOf<Customer["session"]>(row),
  };
  return { institution, principal };
}

type PartnerRow = SessionRow & {
  partnership_id: Partner["partnership"];
  partnership_name: string;
  contact_id: NonNullable<Partner["contact"]> | null;
  rights: Partner["rights"];
  member_id: NonNullable<Partner["member"]> | null;
  role: NonNullable<Partner["role"]> | null;
  person_name: string;
  language: string;
  time_zone: string;
  several: boolean;
};

const partnerText = "select * from app.open_partner_session($1, $2)";

/** Opens the transaction of this client for a partner; throws `sign-in.required` when the session does not. */
export async function openPartnerSession(asked: Asked, settings: Settings): Promise<Opened> {
  const row = await ask<PartnerRow>(asked, partnerText);
  const institution = await settings(row.institution_id, row.institution_version);
  const principal: Partner = {
    kind: "partner",
    institution: institution.id,
    partnership: row.partnership_id,
    partnershipName: row.partnership_name,
    contact: row.contact_id ?? undefined,
    member: row.member_id ?? undefined,
    name: row.person_name,
    email: row.email,
    rights: row.rights,
    role: row.role ?? undefined,
    language: row.language,
    timeZone: row.time_zone,
    several: row.several,
    session: sessionOf<Partner["session"]>(row),
  };
  return { institution, principal };
}
