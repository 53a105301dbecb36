import { z } from "zod";
import { hashPassword, passwordProblem } from "#features/security/password.ts";
import { requestLink } from "#features/security/request-link.ts";
import { linkMinutes } from "#features/security/sign-in-link.ts";
import { lookAtPasswordLink, setPassword } from "#features/security/sign-in-staff.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { route } from "#http/route.ts";
import { secretToken } from "#kernel/random.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { emailField } from "#web/public/sign-in/shared.ts";
import { formState, typedOf } from "#web/staff/sign-in/shared.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form, type Problems } from "#web/ui/form.tsx";

function ForgotPage({ ui, email, problems }: { ui: Ui; email: string; problems?: Problems }) {
  return (
    <PlainPage
      ui={ui}
      face="staff"
      title="Set a new password"
      lead={`We’ll mail you a link to set it. The link works once, for ${linkMinutes} minutes.`}
      problems={problems}
      under={<a href="/staff/sign-in">Back to sign-in</a>}
    >
      <Form action="/staff/forgot" layout="wide">
        <TextField
          form={formState(problems)}
          name="email"
          type="email"
          label="Work e-mail address"
          autocomplete="username"
          maxlength={254}
          value={email}
        />
        <Button kind="primary" wide>
          Mail me a link
        </Button>
      </Form>
    </PlainPage>
  );
}

function NewPasswordPage({ ui, email, problems }: { ui: Ui; email: string; problems?: Problems }) {
  const form = formState(problems);
  return (
    <PlainPage
      ui={ui}
      face="staff"
      title="Choose a new password"
      icon="key"
      lead="You’ll be signed out everywhere. After this, sign in with it and with a code from your authenticator app."
      problems={problems}
    >
      <Form action={ui.path} layout="wide">
        {/* Tells password managers whose password this is. */}
        <input type="hidden" name="username" autocomplete="username" value={email} />
        <NewPasswordFields form={form} />
        <Button kind="primary" wide>
          Set the new password
        </Button>
      </Form>
    </PlainPage>
  );
}

/** A new password, typed twice so that a slip is noticed. */
export function NewPasswordFields({ form }: { form: ReturnType<typeof formState> }) {
  return (
    <>
      <TextField
        form={form}
        name="password"
        type="password"
        label="New password"
        hint="At least 8 characters. A few words in a row work well."
        autocomplete="new-password"
      />
      <TextField form={form} name="again" type="password" label="The same once more" autocomplete="new-password" />
    </>
  );
}

/** The two fields, as strings of bearable length; what is wrong with them is said by `newPasswordProblems`. */
export const newPassword = {
  password: z.string({ error: "Enter a password." }).max(2_000),
  again: z.string().max(2_000).catch(""),
};

/** What is wrong with a new password, by field; undefined when nothing is. */
export function newPasswordProblems(
  typed: { readonly password: string; readonly again: string },
  about: Parameters<typeof passwordProblem>[1],
): Problems | undefined {
  const problem = passwordProblem(typed.password, about);
  if (problem !== undefined) return { password: problem };
  return typed.password === typed.again ? undefined : { again: "This is not the same as the first one." };
}

function DeadLinkPage({ ui }: { ui: Ui }) {
  return (
    <PlainPage
      ui={ui}
      face="staff"
      title="This link can’t be used"
      icon="hourglass"
      lead={`It was used already, or it is older than ${linkMinutes} minutes. Ask for another one.`}
    >
      <LinkButton kind="primary" wide href="/staff/forgot">
        Get another link
      </LinkButton>
    </PlainPage>
  );
}

export default [
  route({
    id: "staff.forgot",
    method: "GET",
    path: "/staff/forgot",
    opens: "visitor",
    may: "sign-in",
    query: z.object({ email: z.string().max(254).catch("") }),
    handle: async (rq) => page(<ForgotPage ui={rq.ui} email={rq.query.email} />),
  }),
  route({
    id: "staff.forgot.send",
    method: "POST",
    path: "/staff/forgot",
    opens: "visitor",
    may: "sign-in",
    form: z.object({ email: emailField("Enter your e-mail address, like name@example.com.") }),
    handle: async (rq, cx, may) => {
      await requestLink(cx, may, {
        kind: { face: "staff", purpose: "set_password" },
        email: rq.form.email,
        browser: secretToken(cx.random),
        returnTo: "",
        origin: rq.house.origin,
        locale: "en",
      });
      return seeOther("/staff/forgot/sent");
    },
    again: async (rq, _cx, _may, failed) =>
      page(<ForgotPage ui={rq.ui} email={typedOf(failed, "email").slice(0, 254)} problems={failed.errors} />),
  }),
  route({
    id: "staff.forgot.sent",
    method: "GET",
    path: "/staff/forgot/sent",
    opens: "visitor",
    may: "sign-in",
    handle: async (rq) =>
      page(
        <PlainPage
          ui={rq.ui}
          face="staff"
          title="Check your e-mail"
          icon="mail"
          lead={
            "If the address belongs to a member of staff, a link to set a new password is on its way. " +
            `It works once, for ${linkMinutes} minutes.`
          }
          under={
            <>
              Nothing there after a few minutes? <a href="/staff/forgot">Ask for another link</a>.
            </>
          }
        >
          <LinkButton wide href="/staff/sign-in">
            Back to sign-in
          </LinkButton>
        </PlainPage>,
      ),
  }),
  route({
    id: "staff.set-password",
    method: "GET",
    path: "/staff/set-password/:token",
    opens: "visitor",
    may: "sign-in",
    params: z.object({ token: z.string().max(200) }),
    handle: async (rq, cx, may) => {
      const about = await lookAtPasswordLink(cx, may, rq.params.token);
      return about ? page(<NewPasswordPage ui={rq.ui} email={about.email} />) : page(<DeadLinkPage ui={rq.ui} />, 410);
    },
  }),
  route({
    id: "staff.set-password.save",
    method: "POST",
    path: "/staff/set-password/:token",
    opens: "visitor",
    may: "sign-in",
    params: z.object({ token: z.string().max(200) }),
    form: z.object(newPassword),
    outside: async (rq, tx) => {
      const { token } = rq.params;
      // Looked at before hashing: a made-up link costs no argon2.
      const about = await tx((cx, may) => lookAtPasswordLink(cx, may, token));
      if (!about) return page(<DeadLinkPage ui={rq.ui} />, 410);
      const problems = newPasswordProblems(rq.form, about);
      if (problems) return page(<NewPasswordPage ui={rq.ui} email={about.email} problems={problems} />, 422);
      const hash = await hashPassword(rq.form.password);
      const saved = await tx((cx, may) => setPassword(cx, may, token, hash));
      return saved ? seeOther("/staff/sign-in?done=password-set") : page(<DeadLinkPage ui={rq.ui} />, 410);
    },
    again: async (rq, cx, may, failed) => {
      const about = await lookAtPasswordLink(cx, may, rq.params.token);
      if (!about) return page(<DeadLinkPage ui={rq.ui} />, 410);
      return page(<NewPasswordPage ui={rq.ui} email={about.email} problems={failed.errors} />);
    },
  }),
];
