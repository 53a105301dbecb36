import { z } from "zod";
import { askedAddress, redeemCode } from "#features/security/sign-in-by-link.ts";
import { linkMinutes } from "#features/security/sign-in-link.ts";
import { page, seeOther } from "#http/answer.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, route } from "#http/route.ts";
import { type MessageKey, translator } from "#platform/i18n/messages.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { type Door, doors } from "#web/public/sign-in/door.ts";
import { codeField, problemsIn } from "#web/public/sign-in/shared.ts";
import { signedIn } from "#web/public/sign-in/signed-in.ts";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { CodeField } from "#web/ui/fields.tsx";
import { Form, type Problems } from "#web/ui/form.tsx";

/** "Check your e-mail": the same page whether or not the address belongs to anybody. */
function SentPage({ ui, door, email, problems }: { ui: Ui; door: Door; email: string; problems?: Problems }) {
  const t = translator(ui.locale);
  return (
    <PlainPage
      ui={ui}
      title={t("signIn.sent.title")}
      icon="mail"
      lead={t.parts(door.sentLead, {
        email: (
          <b>
            <bdi>{email}</bdi>
          </b>
        ),
        institution: ui.institution.name,
        minutes: linkMinutes,
      })}
      problems={problems}
      under={
        <>
          {t("signIn.sent.nothing")}{" "}
          <a href={`${door.path}?email=${encodeURIComponent(email)}`}>{t("signIn.sent.again")}</a>.
        </>
      }
    >
      <Form action={`${door.path}/sent`} layout="wide">
        <CodeField
          form={{ t, ...(problems && { problems }) }}
          name="code"
          label={t("signIn.sent.code")}
          hint={t("signIn.sent.codeHint")}
        />
        <Button kind="primary" wide>
          {t("signIn.sent.button")}
        </Button>
      </Form>
    </PlainPage>
  );
}

/** This browser asked for nothing that still stands. */
function NotAskedPage({ ui, door, problems }: { ui: Ui; door: Door; problems?: Problems }) {
  const t = translator(ui.locale);
  return (
    <PlainPage
      ui={ui}
      title={t("signIn.sent.notAsked.title")}
      lead={t("signIn.sent.notAsked.lead", { minutes: linkMinutes })}
      problems={problems}
    >
      <LinkButton kind="primary" wide href={door.path}>
        {t("signIn.send")}
      </LinkButton>
    </PlainPage>
  );
}

function sentOrNotAsked(ui: Ui, door: Door, email: string | undefined, problems?: Problems) {
  const shown = problems && { problems };
  return email === undefined ? (
    <NotAskedPage ui={ui} door={door} {...shown} />
  ) : (
    <SentPage ui={ui} door={door} email={email} {...shown} />
  );
}

const refusals = { wrong: "signIn.code.wrong", "used-up": "signIn.code.usedUp" } as const satisfies Record<
  string,
  MessageKey
>;

export default doors.flatMap((door) => [
  route({
    id: `${door.id}.sent`,
    method: "GET",
    path: `${door.path}/sent`,
    opens: "visitor",
    may: "sign-in",
    handle: async (rq, cx, may) =>
      page(sentOrNotAsked(rq.ui, door, await askedAddress(cx, may, door.face, rq.cookie(door.askedCookie)))),
  }),
  route({
    id: `${door.id}.code`,
    method: "POST",
    path: `${door.path}/sent`,
    opens: "visitor",
    may: "sign-in",
    form: z.object({
      code: codeField,
    }),
    handle: async (rq, cx, may) => {
      const outcome = await redeemCode(cx, may, door.face, rq.form.code, {
        browser: rq.cookie(door.askedCookie),
        userAgent: rq.userAgent,
        replaces: rq.cookie(sessionCookie[door.face]),
      });
      if (typeof outcome !== "string") return seeOther(signedIn(rq, outcome));
      const email = await askedAddress(cx, may, door.face, rq.cookie(door.askedCookie));
      return page(sentOrNotAsked(rq.ui, door, email, { code: translator(rq.ui.locale)(refusals[outcome]) }), 422);
    },
    again: async (rq, cx, may, failed: Failed) => {
      const email = await askedAddress(cx, may, door.face, rq.cookie(door.askedCookie));
      return page(sentOrNotAsked(rq.ui, door, email, problemsIn(translator(rq.ui.locale), failed)));
    },
  }),
]);
