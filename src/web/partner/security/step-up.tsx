import { z } from "zod";
import type { Partner } from "#access/principal.ts";
import { askForProof, proveByCode, proveByLink } from "#features/security/prove-contact.ts";
import { linkMinutes } from "#features/security/sign-in-link.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, route } from "#http/route.ts";
import { isProven } from "#http/step-up.ts";
import { secretToken } from "#kernel/random.ts";
import { type MessageKey, translator } from "#platform/i18n/messages.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { askedSeconds, portalPath } from "#web/public/sign-in/door.ts";
import { codeField, problemsIn } from "#web/public/sign-in/shared.ts";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { CodeField } from "#web/ui/fields.tsx";
import { Form, FormsFor, type Problems } from "#web/ui/form.tsx";

/** The nonce of the browser that asked to be proven; a sign-in that was asked for meanwhile has its own. */
const askedCookie = "portico-asked-proof";
const way = "/partner/step-up";

function AskPage({
  ui,
  partner,
  returnTo,
  problems,
}: {
  ui: Ui;
  partner: Partner;
  returnTo: string;
  problems?: Problems;
}) {
  const t = translator(ui.locale);
  return (
    <PlainPage
      ui={ui}
      title={t("partner.stepUp.title")}
      icon="shield-lock"
      lead={t.parts("partner.stepUp.lead", { email: <bdi>{partner.email}</bdi> })}
      problems={problems}
      under={<a href="/partner">{t("partner.stepUp.notNow")}</a>}
    >
      <FormsFor partnership={partner.partnership}>
        <Form action={way} layout="wide" hidden={{ return_to: returnTo }}>
          <Button kind="primary" wide>
            {t("partner.stepUp.send")}
          </Button>
        </Form>
      </FormsFor>
    </PlainPage>
  );
}

function SentPage({ ui, partner, problems }: { ui: Ui; partner: Partner; problems?: Problems }) {
  const t = translator(ui.locale);
  return (
    <PlainPage
      ui={ui}
      title={t("signIn.sent.title")}
      icon="mail"
      lead={t.parts("partner.stepUp.sent", { email: <bdi>{partner.email}</bdi>, minutes: linkMinutes })}
      problems={problems}
      under={<a href={way}>{t("partner.stepUp.again")}</a>}
    >
      <FormsFor partnership={partner.partnership}>
        <Form action={`${way}/sent`} layout="wide">
          <CodeField
            form={{ t, ...(problems && { problems }) }}
            name="code"
            label={t("signIn.sent.code")}
            hint={t("partner.stepUp.codeHint")}
          />
          <Button kind="primary" wide>
            {t("partner.stepUp.confirm")}
          </Button>
        </Form>
      </FormsFor>
    </PlainPage>
  );
}

/** Behind the link: pressing the button proves, fetching the page does not. */
function LinkPage({ ui, partner }: { ui: Ui; partner: Partner }) {
  const t = translator(ui.locale);
  return (
    <PlainPage
      ui={ui}
      title={t("partner.stepUp.title")}
      icon="shield-lock"
      lead={t.parts("partner.stepUp.link.lead", { email: <bdi>{partner.email}</bdi> })}
    >
      <FormsFor partnership={partner.partnership}>
        <Form action={ui.path} layout="wide">
          <Button kind="primary" wide>
            {t("partner.stepUp.confirm")}
          </Button>
        </Form>
      </FormsFor>
    </PlainPage>
  );
}

const dead = {
  used: ["signIn.link.used.title", 410],
  expired: ["signIn.link.expired.title", 410],
  unknown: ["signIn.link.unknown.title", 404],
  foreign: ["partner.stepUp.foreign", 409],
} as const satisfies Record<string, readonly [MessageKey, number]>;

function DeadPage({ ui, why }: { ui: Ui; why: keyof typeof dead }) {
  const t = translator(ui.locale);
  return (
    <PlainPage ui={ui} title={t(dead[why][0])} icon="hourglass" lead={t("partner.stepUp.dead")}>
      <LinkButton kind="primary" wide href={way}>
        {t("partner.stepUp.send")}
      </LinkButton>
    </PlainPage>
  );
}

const refusals = { wrong: "signIn.code.wrong", "used-up": "signIn.code.usedUp" } as const;
const own = { opens: "partner", may: "partner.account" } as const;

export default [
  route({
    id: "partner.step-up",
    method: "GET",
    path: way,
    ...own,
    query: z.object({ return_to: z.string().catch("") }),
    handle: async (rq, cx) => {
      const returnTo = portalPath("partner", rq.query.return_to);
      // Signing in was a proof too: whoever comes from there goes on.
      if (isProven(cx.principal, cx.now) && rq.query.return_to !== "") return seeOther(returnTo);
      return page(<AskPage ui={rq.ui} partner={cx.principal} returnTo={returnTo} />);
    },
  }),
  route({
    id: "partner.step-up.send",
    method: "POST",
    path: way,
    ...own,
    form: z.object({ return_to: z.string().catch("") }),
    handle: async (rq, cx, may) => {
      const browser = secretToken(cx.random);
      const returnTo = portalPath("partner", rq.form.return_to);
      await askForProof(cx, may, { browser, returnTo, origin: rq.house.origin, locale: rq.ui.locale });
      rq.setCookie(askedCookie, browser, askedSeconds);
      return seeOther(`${way}/sent`);
    },
    again: async (rq, cx, _may, failed: Failed) => {
      const back = typeof failed.typed.return_to === "string" ? failed.typed.return_to : "";
      const problems = problemsIn(translator(rq.ui.locale), failed);
      const returnTo = portalPath("partner", back);
      return page(<AskPage ui={rq.ui} partner={cx.principal} returnTo={returnTo} problems={problems} />);
    },
  }),
  route({
    id: "partner.step-up.sent",
    method: "GET",
    path: `${way}/sent`,
    ...own,
    handle: async (rq, cx) => page(<SentPage ui={rq.ui} partner={cx.principal} />),
  }),
  route({
    id: "partner.step-up.code",
    method: "POST",
    path: `${way}/sent`,
    ...own,
    form: z.object({ code: codeField }),
    handle: async (rq, cx, may) => {
      const outcome = await proveByCode(cx, may, rq.form.code, rq.cookie(askedCookie));
      if (typeof outcome === "string") {
        const problems = { code: translator(rq.ui.locale)(refusals[outcome]) };
        return page(<SentPage ui={rq.ui} partner={cx.principal} problems={problems} />, 422);
      }
      rq.setCookie(askedCookie, "", 0);
      return seeOther(portalPath("partner", outcome.returnTo));
    },
    again: async (rq, cx, _may, failed: Failed) => {
      const problems = problemsIn(translator(rq.ui.locale), failed);
      return page(<SentPage ui={rq.ui} partner={cx.principal} problems={problems} />);
    },
  }),
  route({
    id: "partner.step-up.link",
    method: "GET",
    path: `${way}/link/:token`,
    ...own,
    params: z.object({ token: z.string().max(200) }),
    handle: async (rq, cx) => page(<LinkPage ui={rq.ui} partner={cx.principal} />),
  }),
  route({
    id: "partner.step-up.link.confirm",
    method: "POST",
    path: `${way}/link/:token`,
    ...own,
    params: z.object({ token: z.string().max(200) }),
    handle: async (rq, cx, may) => {
      const outcome = await proveByLink(cx, may, rq.params.token, rq.cookie(askedCookie));
      if (typeof outcome === "string") return page(<DeadPage ui={rq.ui} why={outcome} />, dead[outcome][1]);
      rq.setCookie(askedCookie, "", 0);
      return seeOther(portalPath("partner", outcome.returnTo));
    },
  }),
];
