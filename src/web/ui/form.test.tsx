import { expect, test } from "vitest";
import { translator } from "#platform/i18n/messages.ts";
import { Choices, MoneyField, TextField } from "./fields.tsx";
import { ErrorSummary, Form, type FormState } from "./form.tsx";
import { PlainLayout } from "./layout-plain.tsx";

const t = translator("en");
const refused: FormState = {
  t,
  values: { email: '"><script>', amount: "12,00", method: "card" },
  problems: { email: "Enter an e-mail address", "": "Try again in a minute" },
};

test("a refused form keeps what was typed, escaped", () => {
  const html = String(<TextField form={refused} name="email" type="email" label="E-mail address" />);
  expect(html).toContain('value="&quot;&gt;&lt;script&gt;"');
  expect(String(<MoneyField form={refused} name="amount" label="Amount" currency="AUD" />)).toContain('value="12,00"');
});

test("the problem stands beside its field in the words of the summary, and the summary links to the field", () => {
  const field = String(<TextField form={refused} name="email" label="E-mail address" hint="Where we write to" />);
  expect(field).toContain('aria-invalid="true"');
  expect(field).toContain('aria-describedby="f-email-h f-email-e"');
  const summary = String(<ErrorSummary form={refused} />);
  expect(summary).toContain("There are 2 problems");
  expect(summary).toContain('<a href="#f-email">Enter an e-mail address</a>');
  expect(summary).toContain("<li>Try again in a minute</li>");
  expect(String(<ErrorSummary form={{ t }} />)).toBe("");
});

test("a password is never filled in again", () => {
  const form = { t, values: { password: "secret" } };
  expect(String(<TextField form={form} name="password" type="password" label="Password" />)).not.toContain("secret");
});

test("a choice made stays made after a refusal; before, the default is chosen", () => {
  const options = [
    { value: "bank", label: "Bank transfer" },
    { value: "card", label: "Card" },
  ];
  const chosen = (form: FormState) =>
    /<input[^>]*value="(\w+)" checked/.exec(
      String(<Choices form={form} name="method" legend="How?" chosen={["bank"]} options={options} />),
    )?.[1];
  expect(chosen({ t })).toBe("bank");
  expect(chosen(refused)).toBe("card");
});

test("a page with problems says so in its title", () => {
  const page = (problems?: Record<string, string>) =>
    String(
      <PlainLayout
        t={t}
        title="Sign in"
        brand={{ name: "Northbridge", colour: "#0d5c4b" }}
        nonce="n"
        surface="customer"
        problems={problems}
      >
        <Form action="/sign-in" hidden={{ token: "x", gone: undefined }} />
      </PlainLayout>,
    );
  expect(page({ email: "Enter an e-mail address" })).toContain("<title>Error: Sign in – Northbridge</title>");
  expect(page()).toContain("<title>Sign in – Northbridge</title>");
  expect(page()).toMatch(/^<!doctype html><html lang="en-AU" dir="ltr">/);
  expect(page()).not.toContain("gone");
});
