import { describe, expect, test } from "vitest";
import { customerColumns } from "#features/customers/customer-row.ts";
import { paymentColumns } from "#features/payments/payment-row.ts";
import { matchColumns } from "./match-columns.ts";

describe("matchColumns", () => {
  test("finds columns by their names, in any order and case", () => {
    expect(
      matchColumns(paymentColumns, ["Due_Date", "AMOUNT", "currency", "item", "external_id", "customer_external_id"]),
    ).toEqual({
      customer_external_id: 5,
      external_id: 4,
      item: 3,
      amount: 1,
      currency: 2,
      due_date: 0,
    });
  });

  test("knows the words of other systems, accents and blanks aside", () => {
    const headers = [
      "Student ID",
      "First name",
      "Surname",
      "E-Mail Address",
      "Mobile",
      "Timezone",
      "Agent",
      "Parent e-mail",
    ];
    expect(matchColumns(customerColumns, headers)).toEqual({
      external_id: 0,
      given_name: 1,
      family_name: 2,
      email: 3,
      phone: 4,
      time_zone: 5,
      partnership_external_id: 6,
      payer_email: 7,
    });
  });

  test("forgives one slip of the keyboard in a long word, and none in a short one", () => {
    expect(matchColumns(paymentColumns, ["ammount", "curency", "due_dtae", "itm"])).toEqual({
      amount: 0,
      currency: 1,
      due_date: 2,
    });
  });

  test("a heading feeds one column only: the one whose name it is", () => {
    expect(matchColumns(paymentColumns, ["customer", "external_id", "partner", "share"])).toEqual({
      customer_external_id: 0,
      external_id: 1,
      partnership_external_id: 2,
      share_percent: 3,
    });
    expect(matchColumns(customerColumns, ["email", "email"])).toEqual({ email: 0 });
  });
});
