import { z } from "zod";
import type { Customer } from "#access/principal.ts";
import { endOwnOtherSessions, endOwnSession, ownSessions, signOut } from "#features/security/end-sessions.ts";
import type { SessionView } from "#features/security/session.ts";
import { chooseCustomer, customersOfSession } from "#features/security/sign-in-by-link.ts";
import { page, seeOther } from "#http/answer.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { Ui } from "#http/request.ts";
import { route } from "#http/route.ts";
import { customerLanguages } from "#platform/i18n/locales.ts";
import { translator } from "#platform/i18n/messages.ts";
import { ChoosePage } from "#web/choose-page.tsx";
import { CustomerPage } from "#web/customer/customer-page.tsx";
import { portalPath } from "#web/public/sign-in/door.ts";
import { SessionList } from "#web/session-list.tsx";
import { Card, Facts } from "#web/ui/card.tsx";

type ProfileProps = { ui: Ui; customer: Customer; others: number };

function ProfilePage({ ui, customer, others }: ProfileProps) {
  const t = translator(ui.locale);
  const language = (customerLanguages as Readonly<Record<string, string>>)[customer.language] ?? customer.language;
  return (
    <CustomerPage ui={ui} customer={customer} title={t("profile.title")} current="profile">
      <div class="narrow stack">
        <Card title={t("profile.details")}>
          <Facts
            facts={[
              [t("profile.name"), <bdi>{customer.name}</bdi>],
              [t("profile.email"), <bdi>{customer.email}</bdi>],
              [t("profile.language"), <bdi>{language}</bdi>],
              [t("profile.timeZone"), <bdi>{customer.timeZone.replaceAll("_", " ")}</bdi>],
            ]}
          />
        </Card>
        <p class="sm dim">
          {t("profile.wrong", { institution: ui.institution.name })}{" "}
          <a href="/language?return_to=%2Fprofile">{t("profile.changeLanguage")}</a>
        </p>
        {others > 1 && (
          <Card title={t("profile.others")} pad>
            <a href="/choose?return_to=%2Foverview">{t("profile.switch")}</a>
          </Card>
        )}
        <Card title={t("profile.sessions")} pad>
          <p>{t("profile.sessionsText")}</p>
          <p class="mt-s">
            <a href="/profile/sessions">{t("profile.sessionsLink")}</a>
          </p>
        </Card>
      </div>
    </CustomerPage>
  );
}

type SessionsProps = { ui: Ui; customer: Customer; sessions: readonly SessionView[] };

function SessionsPage({ ui, customer, sessions }: SessionsProps) {
  const t = translator(ui.locale);
  return (
    <CustomerPage
      ui={ui}
      customer={customer}
      title={t("sessions.title")}
      current="profile"
      lead={t("sessions.lead")}
      done={{ ended: "sessions.ended", "others-ended": "sessions.othersEnded" }}
    >
      <SessionList
        t={t}
        sessions={sessions}
        timeZone={customer.timeZone}
        title={t("sessions.title")}
        base="/profile/sessions"
        signOut="/sign-out"
      />
    </CustomerPage>
  );
}

export default [
  route({
    id: "customer.profile",
    method: "GET",
    path: "/profile",
    opens: "customer",
    may: "portal.account",
    handle: async (rq, cx, may) => {
      const others = (await customersOfSession(cx, may)).length;
      return page(<ProfilePage ui={rq.ui} customer={cx.principal} others={others} />);
    },
  }),
  route({
    id: "customer.sessions",
    method: "GET",
    path: "/profile/sessions",
    opens: "customer",
    may: "portal.account",
    handle: async (rq, cx, may) => {
      const sessions = await ownSessions(cx, may);
      return page(<SessionsPage ui={rq.ui} customer={cx.principal} sessions={sessions} />);
    },
  }),
  route({
    id: "customer.sessions.end",
    method: "POST",
    path: "/profile/sessions/:session/end",
    opens: "customer",
    may: "portal.account",
    params: z.object({ session: z.string().regex(/^ses_[0-9a-z]{26}$/) }),
    handle: async (rq, cx, may) => {
      await endOwnSession(cx, may, rq.params.session);
      return seeOther("/profile/sessions?done=ended");
    },
  }),
  route({
    id: "customer.sessions.end-others",
    method: "POST",
    path: "/profile/sessions/end-others",
    opens: "customer",
    may: "portal.account",
    handle: async (_rq, cx, may) => {
      await endOwnOtherSessions(cx, may);
      return seeOther("/profile/sessions?done=others-ended");
    },
  }),
  route({
    id: "customer.sign-out",
    method: "POST",
    path: "/sign-out",
    opens: "customer",
    may: "portal.account",
    handle: async (rq, cx, may) => {
      await signOut(cx, may);
      rq.setCookie(sessionCookie.customer, "", 0);
      return seeOther("/sign-in?done=signed-out");
    },
  }),
  route({
    id: "customer.choose",
    method: "GET",
    path: "/choose",
    opens: "customer",
    may: "portal.account",
    query: z.object({ return_to: z.string().catch("") }),
    handle: async (rq, cx, may) => {
      const choices = await customersOfSession(cx, may);
      const to = portalPath("customer", rq.query.return_to);
      const t = translator(rq.ui.locale);
      return page(
        <ChoosePage
          ui={rq.ui}
          title={t("choose.title")}
          lead={t("choose.lead")}
          action="/choose"
          field="customer"
          choices={choices}
          chosen={cx.principal.customer}
          to={to}
        />,
      );
    },
  }),
  route({
    id: "customer.choose.go",
    method: "POST",
    path: "/choose",
    opens: "customer",
    may: "portal.account",
    form: z.object({ customer: z.string().max(100), return_to: z.string().catch("") }),
    handle: async (rq, cx, may) => {
      await chooseCustomer(cx, may, rq.form.customer);
      return seeOther(portalPath("customer", rq.form.return_to));
    },
  }),
];
