import type { Currency } from "#kernel/money.ts";
import { Checkbox, MoneyField, TextArea, TextField } from "#web/ui/fields.tsx";
import type { FormState } from "#web/ui/form.tsx";

/** The discount, out of the institution's own part; only for who may give one. */
export function DiscountFields(props: {
  form: FormState;
  currency: Currency | undefined;
  value: string;
  reason: string;
  locked: boolean;
}) {
  const { form, currency, value, reason, locked } = props;
  const hint = locked
    ? "Money has arrived, so it can't change any more."
    : "Out of your own part, never above it. Partners' shares don't change, and partners never see it.";
  return (
    <div class="cols-2">
      {currency === undefined ? (
        <TextField
          form={form}
          name="discount"
          label="Discount"
          optional
          short
          inputmode="decimal"
          hint={hint}
          value={value}
        />
      ) : (
        <MoneyField
          form={form}
          name="discount"
          label="Discount"
          optional
          hint={hint}
          currency={currency}
          value={value}
        />
      )}
      <TextField
        form={form}
        name="discount_reason"
        label="Why"
        optional
        hint="For your own records."
        value={reason}
        maxlength={200}
      />
    </div>
  );
}

/** What both forms end with. */
export function MoreFields({ form, allowPart, note }: { form: FormState; allowPart: boolean; note: string }) {
  return (
    <>
      <Checkbox
        form={form}
        name="allow_part"
        label="The customer may pay a part"
        hint="Otherwise only the whole amount can be paid."
        checked={allowPart}
      />
      <TextArea form={form} name="note" label="Note" optional hint="Only staff can read it." value={note} rows={2} />
    </>
  );
}
