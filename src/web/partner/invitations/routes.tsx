import { z } from "zod";
import {
  acceptInvitation,
  declineInvitation,
  type InvitationView,
  lookAtInvitation,
} from "#features/members/answer-invitation.ts";
import { lifetimes } from "#features/security/session.ts";
import { page, seeOther } from "#http/answer.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { Ui } from "#http/request.ts";
import { type Route, route } from "#http/route.ts";
import { type Dead, DeadInvitationPage, InvitationPage } from "./invitation-page.tsx";

const params = z.object({ token: z.string().max(200) });
const own = { opens: "visitor", may: "sign-in", params } as const;
const base = "/partner/invitations/:token";

/** 410 for what was good once and 404 for what never was tell no more than the words do. */
function dead(ui: Ui, standing: Dead, invitation: InvitationView | undefined) {
  const status = standing === "unknown" ? 404 : standing === "member" ? 409 : 410;
  return page(<DeadInvitationPage ui={ui} standing={standing} invitation={invitation} />, status);
}

const look = route({
  id: "partner.invitations.look",
  method: "GET",
  path: base,
  ...own,
  handle: async (rq, cx, may) => {
    const { token } = rq.params;
    const { standing, invitation } = await lookAtInvitation(cx, may, token);
    if (!invitation || standing !== "pending") {
      return dead(rq.ui, standing === "pending" ? "unknown" : standing, invitation);
    }
    return page(<InvitationPage ui={rq.ui} token={token} invitation={invitation} />);
  },
});

const accept = route({
  id: "partner.invitations.accept",
  method: "POST",
  path: `${base}/accept`,
  ...own,
  handle: async (rq, cx, may) => {
    const { token } = rq.params;
    const browser = { userAgent: rq.userAgent, replaces: rq.cookie(sessionCookie.partner) };
    const outcome = await acceptInvitation(cx, may, token, browser);
    if (typeof outcome === "string") {
      return dead(rq.ui, outcome, (await lookAtInvitation(cx, may, token)).invitation);
    }
    rq.setCookie(sessionCookie.partner, outcome.session, lifetimes.partner.absoluteSeconds);
    return seeOther("/partner?done=joined");
  },
});

const decline = route({
  id: "partner.invitations.decline",
  method: "POST",
  path: `${base}/decline`,
  ...own,
  handle: async (rq, cx, may) => {
    await declineInvitation(cx, may, rq.params.token);
    return seeOther(`/partner/invitations/${encodeURIComponent(rq.params.token)}`);
  },
});

export default [look, accept, decline] as Route[];
