import type { Staff } from "#access/principal.ts";
import { formatWalletNumber, type Wallet, type WalletBalance } from "#features/wallets/wallet.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { Choices, MoneyField, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState, Hidden } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Steps } from "#web/ui/progress.tsx";
import { adjustmentTitle } from "./adjustment-parts.tsx";
import { home } from "./list-page.tsx";
import { walletFrame } from "./state-pages.tsx";

type Props = { ui: Ui; staff: Staff; form: FormState; wallet: Wallet; balance: WalletBalance; proposalKey: string };
const steps = ["Write", "Check", "Somebody else approves"];

/** How much goes in or out by hand, and why. `alone`: nobody else could approve it. */
export function AdjustPage(props: Props & { alone: boolean }) {
  const { form, wallet, balance, proposalKey, alone } = props;
  const available = t.money(balance.available, "code");
  return (
    <StaffPage {...walletFrame(props)} title="Adjust the wallet" problems={form.problems}>
      <Steps label="Steps" steps={steps} current={0} />
      {alone && (
        <Notice tone="warn" title="Nobody else can approve it">
          <p>
            An adjustment takes two people: it is approved by another owner or administrator, and you are the only one.
          </p>
        </Notice>
      )}
      <Card label="Adjustment" pad>
        <Form action={`${home}/${wallet.id}/adjust`} hidden={{ key: proposalKey }}>
          <Choices
            form={form}
            name="direction"
            legend="Which way"
            chosen={["in"]}
            options={[
              { value: "in", label: "Put money into the wallet", hint: "A credit, a correction in its favour." },
              {
                value: "out",
                label: "Take money out of the wallet",
                hint:
                  wallet.state === "frozen" ? "It is frozen: unfreeze it before this is approved." : "A correction.",
                end: `${available} available`,
              },
            ]}
          />
          <MoneyField form={form} name="amount" label="Amount" currency={wallet.currency} />
          <TextField
            form={form}
            name="reason"
            label="Why"
            hint="The partner reads it beside the flow."
            maxlength={300}
          />
          <Actions>
            <Button kind="primary" name="step" value="check" iconEnd="chevron-right">
              Check
            </Button>
            <LinkButton kind="ghost" href={`${home}/${wallet.id}`}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}

/** What was written, and what it comes to once somebody approves it. */
export function CheckAdjustPage(props: Props & { amount: Amount; reason: string }) {
  const { wallet, balance, amount, reason, proposalKey } = props;
  const { direction, size } = typedOf(props.form);
  return (
    <StaffPage {...walletFrame(props)} title="Check the adjustment">
      <Steps label="Steps" steps={steps} current={1} />
      <AfterIt balance={balance} amount={amount} />
      <Card label="What it is">
        <Facts
          facts={[
            ["What", adjustmentTitle({ amount })],
            ["Wallet", <bdi class="num nowrap">{formatWalletNumber(wallet.number)}</bdi>],
            ["Partner", <bdi>{wallet.holder}</bdi>],
            ["Why, for the partner", <bdi>{reason}</bdi>],
          ]}
        />
      </Card>
      <form method="post" action={`${home}/${wallet.id}/adjust`}>
        <Hidden values={{ key: proposalKey, direction, amount: size, reason }} />
        <Actions>
          <Button kind="primary" name="step" value="propose">
            {`Propose: ${lower(adjustmentTitle({ amount }))}`}
          </Button>
          <Button name="step" value="back">
            Change something
          </Button>
        </Actions>
      </form>
      <p class="sm dim">Nothing moves until another owner or administrator approves it.</p>
    </StaffPage>
  );
}

function typedOf(form: FormState): { direction: string; size: string } {
  const text = (name: string) => [form.values?.[name] ?? ""].flat()[0] ?? "";
  return { direction: text("direction"), size: text("amount") };
}

function lower(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** What is available before and after; and a word where it would be less than nothing. */
export function AfterIt({ balance, amount }: { balance: WalletBalance; amount: Amount }) {
  const after = money(balance.available.minor + amount.minor, amount.currency);
  return (
    <>
      {after.minor < 0n && (
        <Notice tone="warn" title="More than is available">
          <p>It can only be approved once there is enough in the wallet: nothing in it goes below zero.</p>
        </Notice>
      )}
      <Card title="What it comes to" pad>
        <Sum
          lines={[
            { label: "Available now", value: <Money value={balance.available} show="code" /> },
            { label: "This adjustment", value: <Money value={amount} show="code" /> },
            { label: "Available after it", value: <Money value={after} show="code" />, total: true },
          ]}
        />
      </Card>
    </>
  );
}
