import { z } from "zod";
import { assertNotSetUp, beginInstitution } from "#features/institution/begin-institution.ts";
import { countries, isCountry, timeZones } from "#features/institution/country.ts";
import { isSetupCode } from "#features/institution/setup-code.ts";
import { hashPassword } from "#features/security/password.ts";
import { page, seeOther } from "#http/answer.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { Rq, Ui } from "#http/request.ts";
import { type Failed, route } from "#http/route.ts";
import { asksForSetupCode } from "#http/set-up.ts";
import { type Currency, isCurrency } from "#kernel/money.ts";
import { isTimeZone } from "#kernel/time.ts";
import { currencyOptions, tickedCurrencies } from "#web/currency-choices.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { emailField } from "#web/public/sign-in/shared.ts";
import { NewPasswordFields, newPassword, newPasswordProblems } from "#web/staff/sign-in/forgot.tsx";
import { formState } from "#web/staff/sign-in/shared.tsx";
import { Button } from "#web/ui/button.tsx";
import { Choices, Select, TextField } from "#web/ui/fields.tsx";
import { Form, type Problems } from "#web/ui/form.tsx";

type Props = { ui: Ui; code: boolean; problems?: Problems; failed?: Failed };

function SetupPage({ ui, code, problems, failed }: Props) {
  const form = formState(problems, failed);
  return (
    <PlainPage
      ui={ui}
      face="staff"
      wide
      title="Set up Portico"
      lead="Two minutes: who you are, and who looks after it. Everything here can be changed later."
      problems={problems}
    >
      <Form action="/setup" layout="wide">
        {code && (
          <TextField
            form={form}
            name="setup_code"
            label="Set-up code"
            hint="It was printed where Portico was started, so that nobody else can set it up."
            autocomplete="off"
            ltr
          />
        )}
        <h2>Your institution</h2>
        <TextField form={form} name="name" label="Name" hint="As your customers know it." autocomplete="organization" />
        <Select
          form={form}
          name="country"
          label="Country"
          value="AU"
          options={countries.map(({ code: value, name: label }) => ({ value, label }))}
        />
        <Select
          form={form}
          name="time_zone"
          label="Time zone"
          hint="Due dates begin and end by it."
          value="Australia/Sydney"
          options={timeZones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
        />
        <Select form={form} name="currency" label="Main currency" value="AUD" options={currencyOptions} />
        <details class="more">
          <summary>More currencies</summary>
          <Choices
            form={form}
            name="more"
            legend="Also take payments in"
            hint="More can be added later, under Institution."
            kind="checkbox"
            look="list"
            options={currencyOptions}
          />
        </details>
        <h2>You, its owner</h2>
        <TextField form={form} name="owner" label="Your name" autocomplete="name" />
        <TextField
          form={form}
          name="email"
          type="email"
          label="Work e-mail address"
          autocomplete="username"
          maxlength={254}
        />
        <NewPasswordFields form={form} />
        <Button kind="primary" wide>
          Continue to two-step sign-in
        </Button>
      </Form>
    </PlainPage>
  );
}

const setupForm = z.object({
  setup_code: z.string().max(100).catch(""),
  name: z
    .string({ error: "Write the institution’s name." })
    .trim()
    .min(1, "Write the institution’s name.")
    .max(200, "Use at most 200 characters."),
  country: z.string({ error: "Choose a country." }).refine(isCountry, "Choose a country."),
  time_zone: z.string({ error: "Choose a time zone." }).refine(isTimeZone, "Choose a time zone."),
  currency: z.string({ error: "Choose a currency." }).refine(isCurrency, "Choose a currency."),
  more: tickedCurrencies,
  owner: z
    .string({ error: "Write your name." })
    .trim()
    .min(1, "Write your name.")
    .max(200, "Use at most 200 characters."),
  email: emailField("Enter your e-mail address, like name@example.com."),
  ...newPassword,
});

/** What is wrong beyond the shape: the code of the console, and the password. */
function problemsOf(rq: Rq<unknown, unknown, z.output<typeof setupForm>>): Problems | undefined {
  if (asksForSetupCode(rq.house) && !isSetupCode(rq.house.keys, rq.form.setup_code)) {
    return { setup_code: "This is not the code that was printed when Portico was started." };
  }
  const { email, owner, name } = rq.form;
  return newPasswordProblems(rq.form, { email, name: owner, institution: name });
}

export default [
  route({
    id: "public.setup",
    method: "GET",
    path: "/setup",
    opens: "visitor",
    may: "setup.first",
    handle: async (rq, cx) => {
      assertNotSetUp(cx);
      return page(<SetupPage ui={rq.ui} code={asksForSetupCode(rq.house)} />);
    },
  }),
  route({
    id: "public.setup.begin",
    method: "POST",
    path: "/setup",
    opens: "visitor",
    may: "setup.first",
    form: setupForm,
    outside: async (rq, tx) => {
      await tx(async (cx) => assertNotSetUp(cx));
      const problems = problemsOf(rq);
      if (problems) {
        const { password: _password, again: _again, more, ...rest } = rq.form;
        const failed = { typed: { ...rest, more }, errors: problems } as unknown as Failed;
        return page(
          <SetupPage ui={rq.ui} code={asksForSetupCode(rq.house)} problems={problems} failed={failed} />,
          422,
        );
      }
      const { name, country, time_zone: timeZone, currency, more, owner, email } = rq.form;
      const chosen = [...new Set<Currency>([currency as Currency, ...(more as Currency[])])];
      const passwordHash = await hashPassword(rq.form.password);
      const token = await tx((cx, may) =>
        beginInstitution(cx, may, {
          name,
          country,
          timeZone,
          currencies: chosen,
          owner: { name: owner, email, passwordHash },
          sandbox: rq.house.config.sandbox,
          userAgent: rq.userAgent,
        }),
      );
      rq.setCookie(sessionCookie.staff, token, undefined);
      return seeOther("/staff/two-step/new?return_to=%2Fstaff%2Fsetup");
    },
    again: async (rq, cx, _may, failed) => {
      assertNotSetUp(cx);
      return page(<SetupPage ui={rq.ui} code={asksForSetupCode(rq.house)} problems={failed.errors} failed={failed} />);
    },
  }),
];
