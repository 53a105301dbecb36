import type { PartnershipName } from "#features/partnerships/partnership.ts";
import type { ShareChoice } from "#features/payments/payment-input.ts";
import type { ShareKind } from "#features/payments/shares.ts";
import { toDecimal } from "#kernel/money.ts";
import { toPercent } from "#kernel/rate.ts";
import { Button } from "#web/ui/button.tsx";
import { Select, TextField } from "#web/ui/fields.tsx";
import { FieldProblem, type FormState, Hidden, keptValue } from "#web/ui/form.tsx";
import { mostShares, shareLines } from "./payment-text.ts";
import { kindWords } from "./share-words.ts";

type Props = {
  form: FormState;
  partnerships: readonly PartnershipName[];
  /** What the rows start with. */
  shares: readonly ShareChoice[];
  /** What tax each partner's share has, in words, where that is known. */
  taxes: ReadonlyMap<string, string>;
};

/** Partners and their shares, a row each. One more row comes with a button that keeps what was typed. */
export function ShareFields({ form, partnerships, shares, taxes }: Props) {
  const rows = rowsOf(form, shares);
  return (
    <fieldset class="field" id="f-share">
      <legend class="legend">Partners' shares</legend>
      <p class="hint">Of the amount before any discount; a discount never moves them. What is left stays with you.</p>
      <FieldProblem form={form} name="share" />
      <Hidden values={{ rows: String(rows) }} />
      {shareLines.slice(0, rows).map((line) => (
        <ShareRow form={form} line={line} partnerships={partnerships} share={shares[line - 1]} taxes={taxes} />
      ))}
    </fieldset>
  );
}

/** As many rows as the form had, one more where that was asked for, and one more than are filled. */
function rowsOf(form: FormState, shares: Props["shares"]): number {
  const filled = shareLines.filter((line) => shares[line - 1] || form.values?.[`partner_${line}`]);
  const had = Number(keptValue(form, "rows", "1"));
  const wanted = (Number.isInteger(had) ? had : 1) + (form.values?.step === "row" ? 1 : 0);
  return Math.min(mostShares, Math.max(1, wanted, (filled.at(-1) ?? 0) + 1));
}

/** Behind the main button of the form, which is the one that Enter presses. */
export function AddRow({ form, shares }: Pick<Props, "form" | "shares">) {
  if (rowsOf(form, shares) === mostShares) return null;
  return (
    <Button name="step" value="row" icon="plus">
      Add another partner
    </Button>
  );
}

type RowProps = Omit<Props, "shares"> & { line: (typeof shareLines)[number]; share: ShareChoice | undefined };

function ShareRow({ form, line, partnerships, share, taxes }: RowProps) {
  const about = line === 1 ? "" : ` ${line}`;
  const chosen = keptValue(form, `partner_${line}`, share?.partnershipId);
  const tax = taxes.get(chosen);
  return (
    <fieldset class="field share-row">
      <legend class="vh">Share {line}</legend>
      <div class="cols-2">
        <Select
          form={form}
          name={`partner_${line}`}
          label={`Partner${about}`}
          optional
          placeholder="Nobody"
          value={share?.partnershipId ?? ""}
          options={partnerships.map((one) => ({ value: one.id, label: usually(one) }))}
        />
        <Select
          form={form}
          name={`kind_${line}`}
          label={`Share${about} is`}
          value={share?.kind ?? "percent"}
          options={Object.entries(kindWords).map(([value, label]) => ({ value, label }))}
        />
        <TextField
          form={form}
          name={`value_${line}`}
          label={`Percent or amount${about}`}
          optional
          short
          inputmode="decimal"
          hint={tax === undefined ? "Of what is left over: the percent that you keep." : `Tax: ${tax}.`}
          value={startOf(share)}
        />
        <div class="of-share">
          <Select
            form={form}
            name={`of_${line}`}
            label={`Percent of whose share${about}`}
            optional
            placeholder="Nobody's"
            value={share?.of ?? ""}
            options={partnerships.map((one) => ({ value: one.id, label: one.name }))}
          />
        </div>
      </div>
    </fieldset>
  );
}

function usually({ name, commissionBps }: PartnershipName): string {
  return commissionBps > 0 ? `${name} (usually ${toPercent(commissionBps)}%)` : name;
}

function startOf(share: ShareChoice | undefined): string {
  if (!share) return "";
  const kind: ShareKind = share.kind ?? "percent";
  if (kind === "flat") return share.flat ? toDecimal(share.flat) : "";
  return kind === "remainder" && share.rateBps === 0 ? "" : toPercent(share.rateBps);
}
