import { raw } from "hono/html";
import { renderSVG } from "uqr";
import { z } from "zod";
import { enrolTwoStep, finishTwoStep, type Offer, offerTwoStep, sameOffer } from "#features/security/two-step.ts";
import { page, seeOther } from "#http/answer.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { Ui } from "#http/request.ts";
import { route } from "#http/route.ts";
import { PlainPage } from "#web/plain-page.tsx";
import {
  ContinueLink,
  formState,
  RecoveryCodes,
  staffPath,
  t,
  typedOf,
  withReturn,
} from "#web/staff/sign-in/shared.tsx";
import { Button } from "#web/ui/button.tsx";
import { CopyButton } from "#web/ui/copy.tsx";
import { CodeField, TextField } from "#web/ui/fields.tsx";
import { Form, type Problems } from "#web/ui/form.tsx";

type Props = { ui: Ui; returnTo: string; recovery: boolean; problems?: Problems };

function CodePage({ ui, returnTo, recovery, problems }: Props) {
  const form = formState(problems);
  const way = recovery ? "recovery" : "app";
  const other = withReturn("/staff/two-step", returnTo);
  return (
    <PlainPage
      ui={ui}
      face="staff"
      title="Two-step sign-in"
      icon="shield-lock"
      lead={
        recovery
          ? "Enter one of your recovery codes. Each works once."
          : "Enter the code that your authenticator app shows now."
      }
      problems={problems}
      under={
        <>
          Not you? <a href="/staff/sign-in">Start again</a>
        </>
      }
    >
      <Form action="/staff/two-step" layout="wide" hidden={{ return_to: returnTo, way }}>
        {recovery ? (
          <TextField form={form} name="code" label="Recovery code" autocomplete="off" ltr maxlength={40} />
        ) : (
          <CodeField form={form} name="code" label="Six-digit code" />
        )}
        <Button kind="primary" wide>
          Sign in
        </Button>
      </Form>
      <p class="sm">
        {recovery ? (
          <a href={other}>Use a code from the app</a>
        ) : (
          <a href={`${other}${other.includes("?") ? "&" : "?"}way=recovery`}>
            I can’t use the app: use a recovery code
          </a>
        )}
      </p>
    </PlainPage>
  );
}

/**
 * The QR code, its key for typing, and the code that confirms it. The secret is stored nowhere until it is confirmed.
 */
export function OfferForm({ offer, action, returnTo, problems, button }: OfferFormProps) {
  const form = formState(problems);
  return (
    <>
      <p>
        Scan this with an authenticator app (Google Authenticator, Microsoft Authenticator, 1Password, Aegis and
        others), or type the key into it.
      </p>
      <div class="qr" role="img" aria-label="QR code for your authenticator app">
        {raw(renderSVG(offer.address, { border: 2 }))}
      </div>
      <div class="field">
        <p class="strong">Key to type instead</p>
        <div class="row between">
          <code class="totp-key" id="key" dir="ltr">
            {offer.key}
          </code>
          <CopyButton t={t} of="#key" about="the key" />
        </div>
      </div>
      <Form action={action} layout="wide" hidden={{ offer: offer.sealed, return_to: returnTo }}>
        <CodeField form={form} name="code" label="Code that the app shows" />
        <Button kind="primary" wide>
          {button}
        </Button>
      </Form>
    </>
  );
}
type OfferFormProps = { offer: Offer; action: string; returnTo: string; button: string; problems?: Problems };

function EnrolPage({ ui, offer, returnTo, problems }: { ui: Ui; offer: Offer; returnTo: string; problems?: Problems }) {
  return (
    <PlainPage
      ui={ui}
      face="staff"
      title="Set up two-step sign-in"
      lead="Staff see other people’s money, so a password alone is not enough here."
      problems={problems}
    >
      <OfferForm
        offer={offer}
        action="/staff/two-step/new"
        returnTo={returnTo}
        button="Turn on two-step sign-in"
        {...(problems && { problems })}
      />
    </PlainPage>
  );
}

/** What a typed code has to be, on every page that asks for one. */
export const typedCode = z
  .string({ error: "Enter the code." })
  .trim()
  .min(1, "Enter the code.")
  .max(100, "Enter the code.");

/** Said of every code that does not fit: wrong, too old, or used before. */
export const wrongCode = "This code doesn’t fit. Wait for the next one that the app shows, and enter that.";
const wrongRecovery = "This recovery code doesn’t fit. Each works once; check it letter by letter.";

export default [
  route({
    id: "staff.two-step",
    method: "GET",
    path: "/staff/two-step",
    opens: "pending_staff",
    may: "two-step.finish",
    query: z.object({ return_to: z.string().catch(""), way: z.string().catch("") }),
    handle: async (rq, cx) => {
      const returnTo = staffPath(rq.query.return_to);
      if (!cx.principal.hasTwoStep) return seeOther(withReturn("/staff/two-step/new", returnTo));
      return page(<CodePage ui={rq.ui} returnTo={returnTo} recovery={rq.query.way === "recovery"} />);
    },
  }),
  route({
    id: "staff.two-step.finish",
    method: "POST",
    path: "/staff/two-step",
    opens: "pending_staff",
    may: "two-step.finish",
    form: z.object({ code: typedCode, return_to: z.string().catch(""), way: z.string().catch("") }),
    handle: async (rq, cx, may) => {
      const returnTo = staffPath(rq.form.return_to);
      const token = await finishTwoStep(cx, may, rq.form.code);
      if (token === undefined) {
        const recovery = rq.form.way === "recovery";
        const problems = { code: recovery ? wrongRecovery : wrongCode };
        return page(<CodePage ui={rq.ui} returnTo={returnTo} recovery={recovery} problems={problems} />, 422);
      }
      rq.setCookie(sessionCookie.staff, token, undefined);
      return seeOther(returnTo);
    },
    again: async (rq, _cx, _may, failed) => {
      const recovery = typedOf(failed, "way") === "recovery";
      const returnTo = staffPath(typedOf(failed, "return_to"));
      return page(<CodePage ui={rq.ui} returnTo={returnTo} recovery={recovery} problems={failed.errors} />);
    },
  }),
  route({
    id: "staff.two-step.new",
    method: "GET",
    path: "/staff/two-step/new",
    opens: "pending_staff",
    may: "two-step.finish",
    query: z.object({ return_to: z.string().catch("") }),
    handle: async (rq, cx) => {
      const returnTo = staffPath(rq.query.return_to);
      if (cx.principal.hasTwoStep) return seeOther(withReturn("/staff/two-step", returnTo));
      return page(<EnrolPage ui={rq.ui} offer={offerTwoStep(cx)} returnTo={returnTo} />);
    },
  }),
  route({
    id: "staff.two-step.enrol",
    method: "POST",
    path: "/staff/two-step/new",
    opens: "pending_staff",
    may: "two-step.finish",
    form: z.object({ code: typedCode, offer: z.string().max(500), return_to: z.string().catch("") }),
    handle: async (rq, cx, may) => {
      const returnTo = staffPath(rq.form.return_to);
      const enrolled = await enrolTwoStep(cx, may, rq.form.offer, rq.form.code);
      if (!enrolled) {
        const offer = sameOffer(cx, rq.form.offer);
        return page(<EnrolPage ui={rq.ui} offer={offer} returnTo={returnTo} problems={{ code: wrongCode }} />, 422);
      }
      rq.setCookie(sessionCookie.staff, enrolled.token, undefined);
      const next = <ContinueLink href={returnTo} words="I saved them: continue" />;
      return page(
        <PlainPage ui={rq.ui} face="staff" title="Two-step sign-in is on" icon="shield-check">
          <RecoveryCodes codes={enrolled.codes} who={cx.principal.email} next={next} />
        </PlainPage>,
      );
    },
    again: async (rq, cx, _may, failed) => {
      const returnTo = staffPath(typedOf(failed, "return_to"));
      // What was sealed for another session, or by nobody, is not shown again: a new secret is offered instead.
      const offer = failed.errors.code === undefined ? offerTwoStep(cx) : sameOffer(cx, typedOf(failed, "offer"));
      return page(<EnrolPage ui={rq.ui} offer={offer} returnTo={returnTo} problems={failed.errors} />);
    },
  }),
];
