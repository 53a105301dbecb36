import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { inviteMember, resendInvitation, withdrawInvitation } from "#features/members/invite-member.ts";
import { partnerAccount, type Reading, readInvitation } from "#features/members/member-views.ts";
import { provisionAccount } from "#features/members/provision-account.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Route, route } from "#http/route.ts";
import { isId, newId } from "#kernel/ids.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { can, formOf, textFields } from "#web/staff/shared.tsx";
import { AccountPage, NoAccountPage } from "./account-page.tsx";
import { InvitationPage } from "./invitation-page.tsx";
import { InvitePage, ProvisionPage } from "./invite-page.tsx";

/** The id of the partnership: the account of one goes by it. */
export const ofPartner = z.object({ id: z.custom<PartnershipId>((id) => isId("prt", id)) });
const ofInvitation = ofPartner.extend({ invitation: z.string().refine((id) => isId("ivt", id)) });
const write = { opens: "staff", may: "members.write" } as const;
const base = "/staff/members/:id";

const account = route({
  id: "staff.members.account",
  method: "GET",
  path: base,
  opens: "staff",
  may: "members.read",
  params: ofPartner,
  handle: async (rq, cx, may) => {
    const partnership = await readPartnership(cx, rq.params.id);
    const found = await partnerAccount(cx, may, partnership.id);
    const shown = { ui: rq.ui, staff: cx.principal, partnership };
    if (found) return page(<AccountPage {...shown} account={found} />);
    if (!can(cx.principal, "members.write")) return page(<NoAccountPage {...shown} />);
    const key = newId("ivt", cx.now, cx.random);
    return page(<ProvisionPage {...shown} form={formOf(undefined)} formKey={key} />);
  },
});

const provision = route({
  id: "staff.members.provision",
  method: "POST",
  path: base,
  ...write,
  params: ofPartner,
  form: textFields("account", "name", "email", "language", "key"),
  handle: async (rq, cx, may) => {
    const { key, account: name = "", ...person } = rq.form;
    await provisionAccount(cx, may, rq.params.id, { ...given(person), account: name }, key);
    return seeOther(`/staff/members/${rq.params.id}?done=provisioned`);
  },
  again: async (rq, cx, may, failed) => {
    const partnership = await readPartnership(cx, rq.params.id);
    const shown = { ui: rq.ui, staff: cx.principal, partnership };
    const found = await partnerAccount(cx, may, partnership.id);
    // Somebody was faster: here it is.
    if (found) return page(<AccountPage {...shown} account={found} problems={failed.errors} />);
    return page(<ProvisionPage {...shown} form={formOf(failed)} formKey={String(failed.typed.key ?? "")} />);
  },
});

const ask = route({
  id: "staff.members.invite",
  method: "GET",
  path: `${base}/invite`,
  ...write,
  params: ofPartner,
  handle: async (rq, cx, may) => {
    const partnership = await readPartnership(cx, rq.params.id);
    if (!(await partnerAccount(cx, may, partnership.id))) throw notFound();
    const shown = { ui: rq.ui, staff: cx.principal, partnership, form: formOf(undefined) };
    return page(<InvitePage {...shown} formKey={newId("ivt", cx.now, cx.random)} />);
  },
});

const invite = route({
  id: "staff.members.invite.go",
  method: "POST",
  path: `${base}/invite`,
  ...write,
  params: ofPartner,
  form: textFields("name", "email", "role", "language", "key"),
  handle: async (rq, cx, may) => {
    const { key, ...person } = rq.form;
    await inviteMember(cx, may, rq.params.id, { ...given(person), role: person.role ?? "" }, key);
    return seeOther(`/staff/members/${rq.params.id}?done=invited`);
  },
  again: async (rq, cx, _may, failed) => {
    const partnership = await readPartnership(cx, rq.params.id);
    const shown = { ui: rq.ui, staff: cx.principal, partnership, form: formOf(failed) };
    return page(<InvitePage {...shown} formKey={String(failed.typed.key ?? "")} />);
  },
});

/** A person as typed, empty where a field was not sent. */
function given({
  name = "",
  email = "",
  language = "",
}: Partial<Record<"name" | "email" | "language", string | undefined>>) {
  return { name, email, language };
}

type AtInvitation = { readonly params: z.output<typeof ofInvitation>; readonly ui: Ui };

/** What the page of an invitation is drawn with. */
async function shownOf({ params, ui }: AtInvitation, cx: Cx<Staff>, may: Reading) {
  const partnership = await readPartnership(cx, params.id);
  const invitation = await readInvitation(cx, may, partnership.id, params.invitation);
  return { ui, staff: cx.principal, partnership, invitation };
}

const invitation = route({
  id: "staff.members.invitation",
  method: "GET",
  path: `${base}/invitations/:invitation`,
  opens: "staff",
  may: "members.read",
  params: ofInvitation,
  handle: async (rq, cx, may) => page(<InvitationPage {...(await shownOf(rq, cx, may))} />),
});

const answers = (["resend", "withdraw"] as const).map((what) =>
  route({
    id: `staff.members.invitation.${what}`,
    method: "POST",
    path: `${base}/invitations/:invitation/${what}`,
    ...write,
    params: ofInvitation,
    handle: async (rq, cx, may) => {
      const { id, invitation: of } = rq.params;
      if (what === "resend") await resendInvitation(cx, may, id, of);
      else await withdrawInvitation(cx, may, id, of);
      return seeOther(`/staff/members/${id}/invitations/${of}?done=${what === "resend" ? "resent" : "withdrawn"}`);
    },
    again: async (rq, cx, may, failed) =>
      page(<InvitationPage {...(await shownOf(rq, cx, may))} problems={failed.errors} />),
  }),
);

export default [account, provision, ask, invite, invitation, ...answers] as Route[];
