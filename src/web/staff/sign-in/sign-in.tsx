import { z } from "zod";
import { fits } from "#features/security/check-password.ts";
import { signOut } from "#features/security/end-sessions.ts";
import { beginStaffSignIn, endStaffSignIn } from "#features/security/sign-in-staff.ts";
import { page, seeOther } from "#http/answer.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { Ui } from "#http/request.ts";
import { route } from "#http/route.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { emailField } from "#web/public/sign-in/shared.ts";
import { formState, staffPath, typedOf, withReturn } from "#web/staff/sign-in/shared.tsx";
import { Button } from "#web/ui/button.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form, type Problems } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";

type Props = { ui: Ui; email: string; returnTo: string; problems?: Problems };

const news: Readonly<Record<string, string>> = {
  "signed-out": "You’re signed out.",
  "password-set": "Your new password is set, and you’re signed out everywhere. Sign in with it now.",
};

function StaffSignInPage({ ui, email, returnTo, problems }: Props) {
  const form = formState(problems);
  const words = ui.done === undefined ? undefined : news[ui.done];
  return (
    <PlainPage
      ui={ui}
      face="staff"
      title="Staff sign-in"
      lead="Your password first, then a code from your authenticator app."
      problems={problems}
      under={
        <>
          Are you a customer? <a href="/sign-in">Get a sign-in link</a> instead.
        </>
      }
    >
      {words !== undefined && (
        <Notice tone="ok" live>
          {words}
        </Notice>
      )}
      <Form action="/staff/sign-in" layout="wide" hidden={{ return_to: returnTo }}>
        <TextField
          form={form}
          name="email"
          type="email"
          label="Work e-mail address"
          autocomplete="username"
          maxlength={254}
          value={email}
        />
        <TextField form={form} name="password" type="password" label="Password" autocomplete="current-password" />
        <Button kind="primary" wide>
          Continue
        </Button>
      </Form>
      <p class="sm">
        <a href="/staff/forgot">I forgot my password</a>
      </p>
    </PlainPage>
  );
}

/** One answer to a wrong password, an unknown address, and a suspended member. */
const refused = "That address and password don’t fit together. Check both, or set a new password.";

export default [
  route({
    id: "staff.sign-in",
    method: "GET",
    path: "/staff/sign-in",
    opens: "visitor",
    may: "sign-in",
    query: z.object({ return_to: z.string().catch(""), email: z.string().max(254).catch("") }),
    handle: async (rq) =>
      page(<StaffSignInPage ui={rq.ui} email={rq.query.email} returnTo={staffPath(rq.query.return_to)} />),
  }),
  route({
    id: "staff.sign-in.password",
    method: "POST",
    path: "/staff/sign-in",
    opens: "visitor",
    may: "sign-in",
    form: z.object({
      email: emailField("Enter your e-mail address, like name@example.com."),
      password: z.string({ error: "Enter your password." }).min(1, "Enter your password.").max(1_000, refused),
      return_to: z.string().catch(""),
    }),
    outside: async (rq, tx) => {
      const { email, password } = rq.form;
      const attempt = await tx((cx, may) => beginStaffSignIn(cx, may, email));
      const right = await fits(attempt, password);
      const who = { userAgent: rq.userAgent, replaces: rq.cookie(sessionCookie.staff) };
      const token = await tx((cx, may) => endStaffSignIn(cx, may, attempt, right, who));
      const returnTo = staffPath(rq.form.return_to);
      if (token === undefined) {
        return page(<StaffSignInPage ui={rq.ui} email={email} returnTo={returnTo} problems={{ "": refused }} />, 422);
      }
      rq.setCookie(sessionCookie.staff, token, undefined);
      return seeOther(withReturn("/staff/two-step", returnTo));
    },
    again: async (rq, _cx, _may, failed) => {
      const returnTo = staffPath(typedOf(failed, "return_to"));
      const email = typedOf(failed, "email").slice(0, 254);
      return page(<StaffSignInPage ui={rq.ui} email={email} returnTo={returnTo} problems={failed.errors} />);
    },
  }),
  route({
    id: "staff.sign-out",
    method: "POST",
    path: "/staff/sign-out",
    opens: "staff",
    may: "security.own",
    handle: async (rq, cx, may) => {
      await signOut(cx, may);
      rq.setCookie(sessionCookie.staff, "", 0);
      return seeOther("/staff/sign-in?done=signed-out");
    },
  }),
];
