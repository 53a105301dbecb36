import { z } from "zod";
import { requestLink } from "#features/security/request-link.ts";
import { linkMinutes } from "#features/security/sign-in-link.ts";
import { ownPath, page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, route } from "#http/route.ts";
import { secretToken } from "#kernel/random.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { askedSeconds, type Door, doors } from "#web/public/sign-in/door.ts";
import { emailField, problemsIn } from "#web/public/sign-in/shared.ts";
import { Button } from "#web/ui/button.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";

type Props = { ui: Ui; door: Door; email: string; returnTo: string; failed?: Failed };

function SignInPage({ ui, door, email, returnTo, failed }: Props) {
  const t = translator(ui.locale);
  const problems = failed && problemsIn(t, failed);
  return (
    <PlainPage
      ui={ui}
      title={t(door.title)}
      lead={t("signIn.lead")}
      problems={problems}
      under={t("signIn.lives", { minutes: linkMinutes })}
    >
      {ui.done === "signed-out" && (
        <Notice tone="ok" live>
          {t("signIn.done.signedOut")}
        </Notice>
      )}
      <Form action={door.path} layout="wide" hidden={{ return_to: returnTo }}>
        <TextField
          form={{ t, ...(failed && { values: failed.typed }), ...(problems && { problems }) }}
          name="email"
          type="email"
          label={t("signIn.email")}
          hint={t("signIn.emailHint", { institution: ui.institution.name })}
          autocomplete="email"
          maxlength={254}
          value={email}
        />
        <Button kind="primary" wide>
          {t("signIn.send")}
        </Button>
      </Form>
    </PlainPage>
  );
}

export default doors.flatMap((door) => [
  route({
    id: door.id,
    method: "GET",
    path: door.path,
    opens: "visitor",
    may: "sign-in",
    query: z.object({
      email: z.string().max(254).catch(""),
      return_to: z.string().catch(""),
    }),
    handle: async (rq) =>
      page(<SignInPage ui={rq.ui} door={door} email={rq.query.email} returnTo={ownPath(rq.query.return_to) ?? ""} />),
  }),
  route({
    id: `${door.id}.send`,
    method: "POST",
    path: door.path,
    opens: "visitor",
    may: "sign-in",
    form: z.object({ email: emailField("signIn.emailInvalid"), return_to: z.string().catch("") }),
    handle: async (rq, cx, may) => {
      const browser = secretToken(cx.random);
      await requestLink(cx, may, {
        kind: { face: door.face, purpose: "sign_in" },
        email: rq.form.email,
        browser,
        returnTo: ownPath(rq.form.return_to) ?? "",
        origin: rq.house.origin,
        locale: rq.ui.locale,
      });
      rq.setCookie(door.askedCookie, browser, askedSeconds);
      return seeOther(`${door.path}/sent`);
    },
    again: async (rq, _cx, _may, failed) => {
      const back = typeof failed.typed.return_to === "string" ? failed.typed.return_to : "";
      return page(<SignInPage ui={rq.ui} door={door} email="" returnTo={ownPath(back) ?? ""} failed={failed} />);
    },
  }),
]);
