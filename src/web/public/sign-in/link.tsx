import { z } from "zod";
import { type LinkView, lookAtLink, redeemLink } from "#features/security/sign-in-by-link.ts";
import { type LinkStanding, linkMinutes } from "#features/security/sign-in-link.ts";
import { page, seeOther } from "#http/answer.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { Ui } from "#http/request.ts";
import { route } from "#http/route.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { type Door, doors } from "#web/public/sign-in/door.ts";
import { signedIn } from "#web/public/sign-in/signed-in.ts";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Form } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";

/**
 * The page behind a good link: it asks to press a button, so that fetching it (as mail scanners do) signs nobody in.
 */
function GoodLinkPage({ ui, link }: { ui: Ui; link: LinkView }) {
  const t = translator(ui.locale);
  const account = (
    <b>
      <bdi>{link.account}</bdi>
    </b>
  );
  if (link.asked) {
    return (
      <PlainPage
        ui={ui}
        title={t("signIn.link.title", { institution: ui.institution.name })}
        lead={t.parts("signIn.link.lead", { account })}
      >
        <Form action={ui.path} layout="wide">
          <Button kind="primary" wide>
            {t("signIn.link.button")}
          </Button>
        </Form>
      </PlainPage>
    );
  }
  return (
    <PlainPage
      ui={ui}
      title={t("signIn.link.other.title")}
      icon="shield"
      lead={t.parts("signIn.link.other.lead", { account })}
    >
      <Notice tone="warn">{t("signIn.link.other.warning")}</Notice>
      <Form action={ui.path} layout="wide" hidden={{ account: "mine" }}>
        <Button kind="primary" wide>
          {t("signIn.link.other.button")}
        </Button>
      </Form>
    </PlainPage>
  );
}

/** The page behind a link that opens nothing (any more): why, and how to get another. */
function DeadLinkPage({ ui, door, standing }: { ui: Ui; door: Door; standing: Exclude<LinkStanding, "good"> }) {
  const t = translator(ui.locale);
  const lead = {
    used: t("signIn.link.used.lead"),
    expired: t("signIn.link.expired.lead", { minutes: linkMinutes }),
    unknown: t("signIn.link.unknown.lead"),
  };
  return (
    <PlainPage ui={ui} title={t(`signIn.link.${standing}.title`)} icon="hourglass" lead={lead[standing]}>
      <LinkButton kind="primary" wide href={door.path}>
        {t("signIn.link.another")}
      </LinkButton>
    </PlainPage>
  );
}

// 410 for what was good once and 404 for what never was tell no more than the words do.
const statusOf = { used: 410, expired: 410, unknown: 404 } as const;

export default doors.flatMap((door) => [
  route({
    id: `${door.id}.link`,
    method: "GET",
    path: `${door.path}/link/:token`,
    opens: "visitor",
    may: "sign-in",
    params: z.object({ token: z.string().max(200) }),
    handle: async (rq, cx, may) => {
      const link = await lookAtLink(cx, may, door.face, rq.params.token, rq.cookie(door.askedCookie));
      if (link.standing === "good") return page(<GoodLinkPage ui={rq.ui} link={link} />);
      return page(<DeadLinkPage ui={rq.ui} door={door} standing={link.standing} />, statusOf[link.standing]);
    },
  }),
  route({
    id: `${door.id}.link.redeem`,
    method: "POST",
    path: `${door.path}/link/:token`,
    opens: "visitor",
    may: "sign-in",
    params: z.object({ token: z.string().max(200) }),
    form: z.object({ account: z.string().catch("") }),
    handle: async (rq, cx, may) => {
      const browser = rq.cookie(door.askedCookie);
      const outcome = await redeemLink(cx, may, door.face, rq.params.token, rq.form.account === "mine", {
        browser,
        userAgent: rq.userAgent,
        replaces: rq.cookie(sessionCookie[door.face]),
      });
      if (typeof outcome !== "string") return seeOther(signedIn(rq, outcome));
      if (outcome !== "good")
        return page(<DeadLinkPage ui={rq.ui} door={door} standing={outcome} />, statusOf[outcome]);
      // Good, but this browser did not ask for it and its person did not say yes: ask now.
      return page(<GoodLinkPage ui={rq.ui} link={await lookAtLink(cx, may, door.face, rq.params.token, browser)} />);
    },
  }),
]);
