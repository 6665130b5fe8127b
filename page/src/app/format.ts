/** Numbers, quarters and lists as a reader of the language writes them. */

import type { Language } from "../engine/contract.js";

/** What is not known is written as a dash. */
export interface Format {
  /** A number with at most `digits` decimals. */
  number(value: number, digits?: number): string;
  /** A share in [0, 1] as a percentage: `34%`. */
  share(value: number, digits?: number): string;
  /** A difference of shares in points of a hundred, with its sign: `+2,1`. */
  points(value: number, digits?: number): string;
  /** A number with its sign; what rounds to 0 has none. */
  signed(value: number, digits?: number): string;
  /** `2024-Q1` as words. */
  quarter(date: string): string;
  /** `a, b en c`. */
  list(items: readonly string[]): string;
}

const LOCALES: Readonly<Record<Language, string>> = { nl: "nl-NL", en: "en-GB" };

function ordinal(quarter: number): string {
  return ["1st", "2nd", "3rd", "4th"][quarter - 1] ?? String(quarter);
}

export function formatOf(lang: Language): Format {
  const locale = LOCALES[lang];
  const none = (write: (value: number, digits: number) => string) =>
    (value: number, digits: number): string => (Number.isFinite(value) ? write(value, digits) : "–");
  const plain = none((value, digits) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
      .format(Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).replace("-", "−"));
  const signed = none((value, digits) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "exceptZero" })
      .format(value).replace("-", "−"));
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  return {
    number: (value, digits = 0) => plain(value, digits),
    share: (value, digits = 0) => (Number.isFinite(value) ? `${plain(100 * value, digits)}%` : "–"),
    points: (value, digits = 1) => signed(100 * value, digits),
    signed: (value, digits = 1) => signed(value, digits),
    quarter(date) {
      const [year, number] = date.split("-Q").map(Number);
      if (year === undefined || number === undefined) return date;
      return lang === "nl" ? `${number}e kwartaal ${year}` : `${ordinal(number)} quarter of ${year}`;
    },
    list: (items) => list.format(items),
  };
}
