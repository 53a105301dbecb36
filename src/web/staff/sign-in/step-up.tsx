import { z } from "zod";
import { fits } from "#features/security/check-password.ts";
import { beginOwnPasswordTry, stepUp } from "#features/security/sign-in-staff.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { route } from "#http/route.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { formState, staffPath, typedOf } from "#web/staff/sign-in/shared.tsx";
import { typedCode } from "#web/staff/sign-in/two-step.tsx";
import { Button } from "#web/ui/button.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form, type Problems } from "#web/ui/form.tsx";

function StepUpPage({ ui, returnTo, problems }: { ui: Ui; returnTo: string; problems?: Problems }) {
  const form = formState(problems);
  return (
    <PlainPage
      ui={ui}
      face="staff"
      title="Confirm that it’s you"
      icon="shield-lock"
      lead="What comes next is sensitive, so give your password and a code once more. It counts for ten minutes."
      problems={problems}
      under={<a href="/staff">Not now</a>}
    >
      <Form action="/staff/step-up" layout="wide" hidden={{ return_to: returnTo }}>
        <TextField form={form} name="password" type="password" label="Password" autocomplete="current-password" />
        <TextField
          form={form}
          name="code"
          label="Code from your app, or a recovery code"
          autocomplete="one-time-code"
          maxlength={40}
          ltr
        />
        <Button kind="primary" wide>
          Confirm
        </Button>
      </Form>
    </PlainPage>
  );
}

const refused = "The password or the code doesn’t fit. A code works once: wait for the next one that the app shows.";
const fallback = "/staff/security";

function backTo(returnTo: unknown): string {
  const path = staffPath(returnTo);
  return path === "/staff" ? fallback : path;
}

export default [
  route({
    id: "staff.step-up",
    method: "GET",
    path: "/staff/step-up",
    opens: "staff",
    may: "security.own",
    query: z.object({ return_to: z.string().catch("") }),
    handle: async (rq) => page(<StepUpPage ui={rq.ui} returnTo={backTo(rq.query.return_to)} />),
  }),
  route({
    id: "staff.step-up.confirm",
    method: "POST",
    path: "/staff/step-up",
    opens: "staff",
    may: "security.own",
    form: z.object({
      password: z.string({ error: "Enter your password." }).min(1, "Enter your password.").max(1_000, refused),
      code: typedCode,
      return_to: z.string().catch(""),
    }),
    outside: async (rq, tx) => {
      const attempt = await tx(beginOwnPasswordTry);
      const right = await fits(attempt, rq.form.password);
      const done = await tx((cx, may) => stepUp(cx, may, attempt, right, rq.form.code));
      const returnTo = backTo(rq.form.return_to);
      if (done) return seeOther(returnTo);
      return page(<StepUpPage ui={rq.ui} returnTo={returnTo} problems={{ "": refused }} />, 422);
    },
    again: async (rq, _cx, _may, failed) =>
      page(<StepUpPage ui={rq.ui} returnTo={backTo(typedOf(failed, "return_to"))} problems={failed.errors} />),
  }),
];
