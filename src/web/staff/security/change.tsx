import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { fits } from "#features/security/check-password.ts";
import { hashPassword } from "#features/security/password.ts";
import { aboutStaff, beginOwnPasswordTry, changePassword } from "#features/security/sign-in-staff.ts";
import {
  type Offer,
  offerTwoStep,
  renewRecoveryCodes,
  replaceTwoStep,
  sameOffer,
} from "#features/security/two-step.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { route } from "#http/route.ts";
import { NewPasswordFields, newPassword, newPasswordProblems } from "#web/staff/sign-in/forgot.tsx";
import { ContinueLink, formState, RecoveryCodes, typedOf } from "#web/staff/sign-in/shared.tsx";
import { OfferForm, typedCode, wrongCode } from "#web/staff/sign-in/two-step.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form, type Problems } from "#web/ui/form.tsx";

const crumbs = [{ href: "/staff/security", label: "Your security" }];
const back = <ContinueLink href="/staff/security" words="I saved them: back to your security" />;

type Props = { ui: Ui; staff: Staff; problems?: Problems };

function PasswordPage({ ui, staff, problems }: Props) {
  const form = formState(problems);
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Change password"
      lead="Every other session of yours ends."
      crumbs={crumbs}
      problems={problems}
    >
      <Card pad label="Change password">
        <Form action="/staff/security/password">
          <input type="hidden" name="username" autocomplete="username" value={staff.email} />
          <TextField form={form} name="current" type="password" label="Password now" autocomplete="current-password" />
          <NewPasswordFields form={form} />
          <Button kind="primary">Change password</Button>
        </Form>
      </Card>
    </StaffPage>
  );
}

function ReplacePage({ ui, staff, offer, problems }: Props & { offer: Offer }) {
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Replace the authenticator app"
      lead="The old app and the old recovery codes stop working, and every other session of yours ends."
      crumbs={crumbs}
      problems={problems}
    >
      <Card pad label="New authenticator app">
        <div class="offer stack">
          <OfferForm
            offer={offer}
            action="/staff/security/two-step"
            returnTo=""
            button="Use this app from now on"
            {...(problems && { problems })}
          />
        </div>
      </Card>
    </StaffPage>
  );
}

function CodesPage({ ui, staff, title, codes }: Props & { title: string; codes: readonly string[] }) {
  return (
    <StaffPage ui={ui} staff={staff} title={title} crumbs={crumbs}>
      <Card pad label="Recovery codes">
        <div class="stack">
          <RecoveryCodes codes={codes} who={staff.email} next={back} />
        </div>
      </Card>
    </StaffPage>
  );
}

export default [
  route({
    id: "staff.security.password",
    method: "GET",
    path: "/staff/security/password",
    opens: "staff",
    may: "security.own",
    handle: async (rq, cx) => page(<PasswordPage ui={rq.ui} staff={cx.principal} />),
  }),
  route({
    id: "staff.security.password.change",
    method: "POST",
    path: "/staff/security/password",
    opens: "staff",
    may: "security.own",
    form: z.object({
      current: z
        .string({ error: "Enter your password." })
        .min(1, "Enter your password.")
        .max(1_000, "This is too long."),
      ...newPassword,
    }),
    outside: async (rq, tx) => {
      const { staff, about } = await tx(async (cx) => ({ staff: cx.principal, about: aboutStaff(cx, cx.principal) }));
      const problems = newPasswordProblems(rq.form, about);
      if (problems) return page(<PasswordPage ui={rq.ui} staff={staff} problems={problems} />, 422);
      const attempt = await tx(beginOwnPasswordTry);
      const right = await fits(attempt, rq.form.current);
      const hash = right ? await hashPassword(rq.form.password) : "";
      if (await tx((cx, may) => changePassword(cx, may, attempt, right, hash))) {
        return seeOther("/staff/security?done=password");
      }
      const refused = { current: "This is not your password." };
      return page(<PasswordPage ui={rq.ui} staff={staff} problems={refused} />, 422);
    },
    again: async (rq, cx, _may, failed) =>
      page(<PasswordPage ui={rq.ui} staff={cx.principal} problems={failed.errors} />),
  }),
  route({
    id: "staff.security.two-step",
    method: "GET",
    path: "/staff/security/two-step",
    opens: "staff",
    may: "security.own",
    stepUp: true,
    handle: async (rq, cx) => page(<ReplacePage ui={rq.ui} staff={cx.principal} offer={offerTwoStep(cx)} />),
  }),
  route({
    id: "staff.security.two-step.replace",
    method: "POST",
    path: "/staff/security/two-step",
    opens: "staff",
    may: "security.own",
    stepUp: true,
    form: z.object({ code: typedCode, offer: z.string().max(500) }),
    handle: async (rq, cx, may) => {
      const staff = cx.principal;
      const codes = await replaceTwoStep(cx, may, rq.form.offer, rq.form.code);
      if (codes) return page(<CodesPage ui={rq.ui} staff={staff} title="The new app is in use" codes={codes} />);
      const offer = sameOffer(cx, rq.form.offer);
      return page(<ReplacePage ui={rq.ui} staff={staff} offer={offer} problems={{ code: wrongCode }} />, 422);
    },
    again: async (rq, cx, _may, failed) => {
      const offer = failed.errors.code === undefined ? offerTwoStep(cx) : sameOffer(cx, typedOf(failed, "offer"));
      return page(<ReplacePage ui={rq.ui} staff={cx.principal} offer={offer} problems={failed.errors} />);
    },
  }),
  route({
    id: "staff.security.recovery-codes",
    method: "GET",
    path: "/staff/security/recovery-codes",
    opens: "staff",
    may: "security.own",
    stepUp: true,
    handle: async (rq, cx) =>
      page(
        <StaffPage
          ui={rq.ui}
          staff={cx.principal}
          title="New recovery codes"
          lead="The codes that you have now stop working."
          crumbs={crumbs}
        >
          <Card pad label="New recovery codes">
            <Form action="/staff/security/recovery-codes">
              <p>You get ten new codes, shown once. Each signs you in one time without your authenticator app.</p>
              <Button kind="primary">Make ten new codes</Button>
            </Form>
          </Card>
        </StaffPage>,
      ),
  }),
  route({
    id: "staff.security.recovery-codes.renew",
    method: "POST",
    path: "/staff/security/recovery-codes",
    opens: "staff",
    may: "security.own",
    stepUp: true,
    handle: async (rq, cx, may) => {
      const codes = await renewRecoveryCodes(cx, may);
      return page(<CodesPage ui={rq.ui} staff={cx.principal} title="Your new recovery codes" codes={codes} />);
    },
  }),
];
