import type { Money as Amount } from "#kernel/money.ts";
import { formatMoneyParts, type MoneyStyle } from "#platform/i18n/formats.ts";
import type { Locale } from "#platform/i18n/locales.ts";
import { drawnOnce } from "./drawn-once.ts";

type MoneyProps = {
  value: Amount;
  locale?: Locale;
  /** `big` is the headline of a page; `plain` keeps the weight and colour of the text around it. */
  size?: "normal" | "big" | "plain";
  /** `symbol` A$1,850.00, `code` AUD 1,850.00 (wherever currencies can meet), `none` 1,850.00. */
  show?: MoneyStyle;
};

const sizes = { normal: "", big: "big", plain: "quiet" };

/** The one way an amount is shown: isolated, tabular, in full, decimals smaller. In tables, in an `end` column. */
export function Money({ value, locale = "en", size = "normal", show = "symbol" }: MoneyProps) {
  return amounts(`${locale} ${size} ${show} ${value.currency} ${value.minor}`, () => drawn(value, locale, size, show));
}

const amounts = drawnOnce(5_000);

function drawn(value: Amount, locale: Locale, size: keyof typeof sizes, show: MoneyStyle) {
  const { sign, currency, whole, fraction } = formatMoneyParts(value, locale, show);
  const byName = currency.endsWith("\u00a0");
  const classes = ["amt", sizes[size], byName ? "" : "sym"].filter(Boolean).join(" ");
  return (
    <bdi class={classes}>
      {sign}
      {currency !== "" && <span class="cur">{currency}</span>}
      {whole}
      {fraction !== "" && <span class="minor">{fraction}</span>}
    </bdi>
  );
}
