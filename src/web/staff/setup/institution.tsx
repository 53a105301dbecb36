import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { timeZones } from "#features/institution/country.ts";
import { editInstitution } from "#features/institution/edit-institution.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, route } from "#http/route.ts";
import { normaliseEmail } from "#kernel/email.ts";
import type { Currency } from "#kernel/money.ts";
import { isTimeZone } from "#kernel/time.ts";
import { currencyOptions, tickedCurrencies } from "#web/currency-choices.ts";
import { formState } from "#web/staff/sign-in/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { isCorrected } from "#web/ui/branding.ts";
import { Button } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { Choices, Select, TextArea, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";

type Props = { ui: Ui; staff: Staff; failed?: Failed };

function InstitutionForm({ ui, failed }: Omit<Props, "staff">) {
  const form = formState(failed?.errors, failed);
  const at = ui.institution;
  const zones = timeZones.includes(at.timeZone) ? timeZones : [at.timeZone, ...timeZones];
  return (
    <Form action="/staff/settings/institution">
      <TextField form={form} name="name" label="Name" hint="As your customers know it." value={at.name} />
      <TextField form={form} name="legal_name" label="Legal name" hint="Stands on receipts." value={at.legalName} />
      <TextField
        form={form}
        name="registration_label"
        label="Kind of registration number"
        hint="ABN, Company number, UEN."
        value={at.registrationLabel}
        short
      />
      <TextField
        form={form}
        name="registration_number"
        label="Registration number"
        value={at.registrationNumber}
        optional
        ltr
      />
      <TextArea form={form} name="address" label="Postal address" rows={3} value={at.address} optional />
      <TextField
        form={form}
        name="contact_email"
        type="email"
        label="Contact e-mail address"
        value={at.contactEmail}
        optional
      />
      <TextField form={form} name="contact_phone" type="tel" label="Contact phone" value={at.contactPhone} optional />
      <Select
        form={form}
        name="time_zone"
        label="Time zone"
        hint="Due dates begin and end by it."
        value={at.timeZone}
        options={zones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
      />
      <TextField
        form={form}
        name="due_window_days"
        label="Days before the due date that a payment is called due"
        hint="Before that it is scheduled. From 0 to 365."
        inputmode="numeric"
        value={String(at.dueWindowDays)}
        short
      />
      <TextField
        form={form}
        name="brand_colour"
        label="Colour"
        hint="Like #0d5c4b. It is made lighter or darker where it could not be read."
        value={at.brandColour}
        maxlength={7}
        ltr
        short
      />
      <MoreCurrencies form={form} taken={at.currencies} />
      <Button kind="primary">Save the details</Button>
    </Form>
  );
}

/** Those that are there stay, since money stands in them. */
function MoreCurrencies({ form, taken }: { form: FormState; taken: readonly Currency[] }) {
  return (
    <details class="more">
      <summary>More currencies</summary>
      <Choices
        form={form}
        name="more"
        legend="Also take payments in"
        hint={`You take ${taken.join(", ")}. What is added stays.`}
        kind="checkbox"
        look="list"
        options={currencyOptions.filter(({ value }) => !taken.includes(value))}
      />
    </details>
  );
}

function InstitutionPage({ ui, staff, failed }: Props) {
  const at = ui.institution;
  const mayWrite = staff.role === "OWNER" || staff.role === "ADMIN";
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Institution"
      lead="What stands on pages, mails and receipts."
      done={{ saved: "The details are saved." }}
      problems={failed?.errors}
    >
      {isCorrected(at.brandColour) && (
        <Notice tone="info">
          The colour {at.brandColour} is hard to read, so pages show it a little darker or lighter.
        </Notice>
      )}
      {mayWrite ? (
        <Card pad label="Details">
          <InstitutionForm ui={ui} {...(failed && { failed })} />
        </Card>
      ) : (
        <Card title="Details">
          <Facts
            facts={[
              ["Name", at.name],
              ["Legal name", at.legalName],
              [at.registrationLabel || "Registration", at.registrationNumber || "–"],
              ["Postal address", <span class="prose">{at.address || "–"}</span>],
              ["Contact", [at.contactEmail, at.contactPhone].filter(Boolean).join(", ") || "–"],
              ["Currencies", at.currencies.join(", ")],
              ["Time zone", at.timeZone.replaceAll("_", " ")],
              ["Called due", `${at.dueWindowDays} days before the due date`],
            ]}
          />
        </Card>
      )}
    </StaffPage>
  );
}

const line = (words: string) => z.string({ error: words }).trim().max(200, "Use at most 200 characters.");

const detailsForm = z.object({
  name: line("Write the name.").min(1, "Write the name."),
  legal_name: line("Write the legal name.").min(1, "Write the legal name."),
  registration_label: line("Write what the number is called.").min(1, "Write what the number is called."),
  registration_number: line("Write the number."),
  address: z.string({ error: "Write the address." }).trim().max(1_000, "Use at most 1,000 characters."),
  contact_email: z
    .string({ error: "Enter an e-mail address." })
    .trim()
    .transform((text, context) => {
      const email = text === "" ? "" : normaliseEmail(text.slice(0, 1_000));
      if (email !== undefined) return email;
      context.addIssue({ code: "custom", message: "Enter an e-mail address, like name@example.com." });
      return z.NEVER;
    }),
  contact_phone: line("Write the phone number."),
  time_zone: z.string({ error: "Choose a time zone." }).refine(isTimeZone, "Choose a time zone."),
  more: tickedCurrencies,
  due_window_days: z
    .string({ error: "Write a number of days." })
    .trim()
    .regex(/^\d{1,3}$/, "Write a number of days from 0 to 365.")
    .transform(Number)
    .pipe(z.number().max(365, "Write a number of days from 0 to 365.")),
  brand_colour: z
    .string({ error: "Write a colour." })
    .trim()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}$/, "Write the colour as # and six digits or letters from a to f, like #0d5c4b."),
});

export default [
  route({
    id: "staff.settings.institution",
    method: "GET",
    path: "/staff/settings/institution",
    opens: "staff",
    may: "institution.read",
    handle: async (rq, cx) => page(<InstitutionPage ui={rq.ui} staff={cx.principal} />),
  }),
  route({
    id: "staff.settings.institution.save",
    method: "POST",
    path: "/staff/settings/institution",
    opens: "staff",
    may: "institution.write",
    form: detailsForm,
    handle: async (rq, cx, may) => {
      const typed = rq.form;
      const details = {
        name: typed.name,
        legalName: typed.legal_name,
        registrationLabel: typed.registration_label,
        registrationNumber: typed.registration_number,
        address: typed.address.replaceAll("\r\n", "\n"),
        contactEmail: typed.contact_email,
        contactPhone: typed.contact_phone,
        timeZone: typed.time_zone,
        brandColour: typed.brand_colour,
        dueWindowDays: typed.due_window_days,
      };
      await editInstitution(cx, may, details, typed.more as Currency[]);
      return seeOther("/staff/settings/institution?done=saved");
    },
    again: async (rq, cx, _may, failed) => page(<InstitutionPage ui={rq.ui} staff={cx.principal} failed={failed} />),
  }),
];
