import type { Ui } from "#http/request.ts";
import { money } from "#kernel/money.ts";
import { translator } from "#platform/i18n/messages.ts";
import { spaced, testCards } from "#providers/sandbox/cards.ts";
import type { ChargeRow } from "#providers/sandbox/memory.ts";
import { SandboxPage } from "#web/sandbox/sandbox-page.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form, type FormState, type Problems } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";

const t = translator("en");

type Props = { ui: Ui; charge: ChargeRow; values?: FormState["values"]; problems?: Problems };

/** The hosted card page of the sandbox: as a provider's would be, and plainly a test. */
export function CardPage({ ui, charge, values, problems }: Props) {
  const amount = money(charge.minor, charge.currency);
  const form: FormState = { t, ...(values && { values }), ...(problems && { problems }) };
  const action = `/sandbox/pay/${charge.ref}`;
  return (
    <SandboxPage ui={ui} title={`Pay ${ui.institution.name}`} icon="credit-card" problems={problems}>
      <p class="num">
        <Money value={amount} size="big" />
      </p>
      <Form action={action} layout="wide">
        <TextField
          form={form}
          name="card"
          label="Card number"
          hint="Use one of the test cards below. A real card is not accepted."
          inputmode="numeric"
          autocomplete="off"
          maxlength={30}
          value={spaced(testCards[0]?.number ?? "")}
          ltr
        />
        <div class="actions">
          <Button kind="primary" icon="lock">
            {`Pay ${t.money(amount)}`}
          </Button>
        </div>
      </Form>
      <Form action={`${action}/leave`} layout="bare">
        <Button kind="ghost" icon="arrow-left">
          Go back without paying
        </Button>
      </Form>
      <section aria-label="Test cards">
        <h2 class="mb">Test cards</h2>
        <Form action={action} layout="bare">
          <ul class="stack s">
            {testCards.map((card) => (
              <li class="row between">
                <span>
                  <bdi class="mono">{spaced(card.number)}</bdi>
                  <br />
                  <span class="sm dim">{card.what}</span>
                </span>
                <Button small name="card" value={card.number} about={`the card ending ${card.number.slice(-4)}`}>
                  Use
                </Button>
              </li>
            ))}
          </ul>
        </Form>
      </section>
    </SandboxPage>
  );
}

/** The confirmation step that some cards ask for. */
export function ConfirmCardPage({ ui, charge }: Props) {
  const amount = money(charge.minor, charge.currency);
  const action = `/sandbox/pay/${charge.ref}/confirm`;
  return (
    <SandboxPage ui={ui} title="Confirm it is you" icon="shield-check">
      <p>
        The bank behind the card asks you to confirm {t.money(amount)} to {ui.institution.name}.
      </p>
      <div class="row">
        <Form action={action} hidden={{ answer: "yes" }} layout="bare">
          <Button kind="primary">{`Confirm ${t.money(amount)}`}</Button>
        </Form>
        <Form action={action} hidden={{ answer: "no" }} layout="bare">
          <Button>Refuse</Button>
        </Form>
      </div>
    </SandboxPage>
  );
}

/** The charge is over: nothing can be paid here any more. */
export function ClosedPage({ ui, charge }: Props) {
  return (
    <SandboxPage ui={ui} title="This payment page is closed" icon="lock">
      <Notice>It was paid, declined, given up or has run out of time. Nothing more can be paid here.</Notice>
      <LinkButton href={charge.return_url} kind="primary">
        {`Back to ${ui.institution.name}`}
      </LinkButton>
    </SandboxPage>
  );
}
