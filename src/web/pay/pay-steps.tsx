import type { T } from "#platform/i18n/messages.ts";
import { Steps } from "#web/ui/progress.tsx";

/** Where one stands in paying. */
export function PaySteps({ t, current }: { t: T; current: 0 | 1 | 2 | 3 }) {
  const steps = [t("pay.step.choose"), t("pay.step.review"), t("pay.step.pay"), t("pay.step.done")];
  return <Steps label={t("pay.steps")} steps={steps} current={current} />;
}
