import { z } from "zod";
import { choosePartnership, partnershipsOfSession } from "#features/security/choose-partnership.ts";
import { endOwnOtherSessions, endOwnSession, ownSessions, signOut } from "#features/security/end-sessions.ts";
import { page, seeOther } from "#http/answer.ts";
import { sessionCookie } from "#http/cookies.ts";
import { route } from "#http/route.ts";
import { translator } from "#platform/i18n/messages.ts";
import { ChoosePage } from "#web/choose-page.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { portalPath } from "#web/public/sign-in/door.ts";
import { SessionList } from "#web/session-list.tsx";

export default [
  route({
    id: "partner.security",
    method: "GET",
    path: "/partner/security",
    opens: "partner",
    may: "partner.account",
    handle: async (rq, cx, may) => {
      const t = translator(rq.ui.locale);
      const sessions = await ownSessions(cx, may);
      const partner = cx.principal;
      return page(
        <PartnerPage
          ui={rq.ui}
          partner={partner}
          title={t("partner.security.title")}
          lead={t.parts("partner.security.lead", { email: <bdi>{partner.email}</bdi> })}
          done={{ ended: "sessions.ended", "others-ended": "sessions.othersEnded" }}
        >
          <div>
            <h2>{t("partner.security.sessions")}</h2>
            <p class="dim">{t("partner.security.sessionsText")}</p>
          </div>
          <SessionList
            t={t}
            sessions={sessions}
            timeZone={partner.timeZone}
            title={t("partner.security.sessions")}
            base="/partner/security/sessions"
            signOut="/partner/sign-out"
          />
        </PartnerPage>,
      );
    },
  }),
  route({
    id: "partner.sessions.end",
    method: "POST",
    path: "/partner/security/sessions/:session/end",
    opens: "partner",
    may: "partner.account",
    params: z.object({ session: z.string().regex(/^ses_[0-9a-z]{26}$/) }),
    handle: async (rq, cx, may) => {
      await endOwnSession(cx, may, rq.params.session);
      return seeOther("/partner/security?done=ended");
    },
  }),
  route({
    id: "partner.sessions.end-others",
    method: "POST",
    path: "/partner/security/sessions/end-others",
    opens: "partner",
    may: "partner.account",
    handle: async (_rq, cx, may) => {
      await endOwnOtherSessions(cx, may);
      return seeOther("/partner/security?done=others-ended");
    },
  }),
  route({
    id: "partner.choose",
    method: "GET",
    path: "/partner/choose",
    opens: "partner",
    may: "partner.account",
    query: z.object({ return_to: z.string().catch("") }),
    handle: async (rq, cx, may) => {
      const t = translator(rq.ui.locale);
      return page(
        <ChoosePage
          ui={rq.ui}
          title={t("partner.choose.title")}
          lead={t("partner.choose.lead")}
          action="/partner/choose"
          field="partnership"
          choices={await partnershipsOfSession(cx, may)}
          chosen={cx.principal.partnership}
          to={portalPath("partner", rq.query.return_to)}
        />,
      );
    },
  }),
  route({
    id: "partner.choose.go",
    method: "POST",
    path: "/partner/choose",
    opens: "partner",
    may: "partner.account",
    form: z.object({ partnership: z.string().max(100), return_to: z.string().catch("") }),
    handle: async (rq, cx, may) => {
      await choosePartnership(cx, may, rq.form.partnership);
      return seeOther(portalPath("partner", rq.form.return_to));
    },
  }),
  route({
    id: "partner.sign-out",
    method: "POST",
    path: "/partner/sign-out",
    opens: "partner",
    may: "partner.account",
    handle: async (rq, cx, may) => {
      await signOut(cx, may);
      rq.setCookie(sessionCookie.partner, "", 0);
      return seeOther("/partner/sign-in?done=signed-out");
    },
  }),
];
