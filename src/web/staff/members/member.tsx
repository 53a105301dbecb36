import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { changeRole, removeMember, suspendMember } from "#features/members/change-member.ts";
import { isLastOwner, partnerAccount, type Reading, readMember } from "#features/members/member-views.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, textFields } from "#web/staff/shared.tsx";
import { ofPartner } from "./account.tsx";
import { MemberPage, RemoveMemberPage } from "./member-page.tsx";

const params = ofPartner.extend({ member: z.string().refine((id) => isId("mbr", id)) });
const write = { opens: "staff", may: "members.write" } as const;
const base = "/staff/members/:id/members/:member";

type At = { readonly params: z.output<typeof params>; readonly ui: Ui };

/** What the pages of a member are drawn with. */
async function shownOf({ params: at, ui }: At, cx: Cx<Staff>, may: Reading) {
  const partnership = await readPartnership(cx, at.id);
  const member = await readMember(cx, may, partnership.id, at.member);
  const account = await partnerAccount(cx, may, partnership.id);
  return { ui, staff: cx.principal, partnership, member, isLast: isLastOwner(account?.members ?? [], member) };
}

const homeOf = ({ params: { id, member } }: Pick<At, "params">) => `/staff/members/${id}/members/${member}`;

const one = route({
  id: "staff.members.member",
  method: "GET",
  path: base,
  opens: "staff",
  may: "members.read",
  params,
  handle: async (rq, cx, may) => page(<MemberPage {...(await shownOf(rq, cx, may))} form={formOf(undefined)} />),
});

const role = route({
  id: "staff.members.role",
  method: "POST",
  path: `${base}/role`,
  ...write,
  params,
  form: textFields("role", "version"),
  handle: async (rq, cx, may) => {
    const { id, member } = rq.params;
    await changeRole(cx, may, id, member, { role: rq.form.role ?? "", version: rq.form.version });
    return seeOther(`${homeOf(rq)}?done=role`);
  },
  again: async (rq, cx, may, failed) => page(<MemberPage {...(await shownOf(rq, cx, may))} form={formOf(failed)} />),
});

const access = route({
  id: "staff.members.access",
  method: "POST",
  path: `${base}/access`,
  ...write,
  params,
  form: z.object({ access: z.enum(["on", "off"]) }),
  handle: async (rq, cx, may) => {
    const { id, member } = rq.params;
    await suspendMember(cx, may, id, member, rq.form.access === "off");
    return seeOther(`${homeOf(rq)}?done=${rq.form.access === "off" ? "suspended" : "readmitted"}`);
  },
});

const ask = route({
  id: "staff.members.remove",
  method: "GET",
  path: `${base}/remove`,
  ...write,
  params,
  handle: async (rq, cx, may) => page(<RemoveMemberPage {...(await shownOf(rq, cx, may))} />),
});

const remove = route({
  id: "staff.members.remove.go",
  method: "POST",
  path: `${base}/remove`,
  ...write,
  params,
  handle: async (rq, cx, may) => {
    await removeMember(cx, may, rq.params.id, rq.params.member);
    return seeOther(`/staff/members/${rq.params.id}?done=removed`);
  },
  again: async (rq, cx, may, failed) =>
    page(<RemoveMemberPage {...(await shownOf(rq, cx, may))} problems={failed.errors} />),
});

export default [one, role, access, ask, remove] as Route[];
