import type { PartnershipName } from "#features/partnerships/partnership.ts";
import type { Currency } from "#kernel/money.ts";
import { toPercent } from "#kernel/rate.ts";
import { Checkbox, MoneyField, Select, TextArea, TextField } from "#web/ui/fields.tsx";
import { FieldProblem, type FormState } from "#web/ui/form.tsx";
import { shareLines } from "./payment-text.ts";

/** What a share line starts with. */
export type ShareLine = { readonly partnershipId: string; readonly rateBps: number };

/** Up to three partners, each with its percentage of the list amount. */
export function ShareFields(props: {
  form: FormState;
  partnerships: readonly PartnershipName[];
  shares: readonly ShareLine[];
}) {
  const { form, partnerships, shares } = props;
  const options = partnerships.map((one) => ({
    value: one.id,
    label: one.commissionBps > 0 ? `${one.name} (usually ${toPercent(one.commissionBps)}%)` : one.name,
  }));
  const used = shareLines.filter((line) => shares[line - 1] || form.values?.[`partner_${line}`]);
  return (
    <fieldset class="field" id="f-share">
      <legend class="legend">Partners' shares</legend>
      <p class="hint">In percent of the amount before any discount. What is left stays with you.</p>
      <FieldProblem form={form} name="share" />
      {shareLines.map((line) => {
        const pair = (
          <div class="cols-2">
            <Select
              form={form}
              name={`partner_${line}`}
              label={line === 1 ? "Partner" : `Partner ${line}`}
              optional
              placeholder="Nobody"
              value={shares[line - 1]?.partnershipId ?? ""}
              options={options}
            />
            <TextField
              form={form}
              name={`percent_${line}`}
              label="Share in percent"
              optional
              short
              inputmode="decimal"
              value={rate(shares[line - 1])}
            />
          </div>
        );
        if (line === 1 || used.includes(line)) return pair;
        return (
          <details>
            <summary>Add {line === 2 ? "a second" : "a third"} partner</summary>
            {pair}
          </details>
        );
      })}
    </fieldset>
  );
}

function rate(share: ShareLine | undefined): string {
  return share ? toPercent(share.rateBps) : "";
}

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
