/** What happened, as sentences in both languages: `bresim.story` in TypeScript, without the quarter in front. */

import { rint } from "./arithmetic.js";
import type { Content, StoredWorld } from "./content.js";
import type { Language, Named, Text } from "./contract.js";

const LOCALES: Record<Language, string> = { nl: "nl-NL", en: "en-GB" };
const LANGUAGES = ["nl", "en"] as const;

const formats = new Map<string, Intl.NumberFormat>();

/** Of a number to so many digits: exactly halfway to the even one, else to the nearest, as Python rounds. */
export function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  // halfway between two is only what has few binary digits
  const halfway = Number.isInteger(value * 2 ** (digits + 1)) && Math.abs((value * scale) % 1) === 0.5;
  return halfway ? rint(value * scale) / scale : Number(value.toFixed(digits));
}

/** A number as Python writes it, with a real minus. */
function format(language: Language, value: number, digits: number): string {
  const near = rounded(value, digits) + 0;
  if (Math.abs(near) < 1000) {
    const text = near.toFixed(digits).replace("-", "−"); // a run has thousands of these, and Intl takes its time
    return language === "nl" ? text.replace(".", ",") : text;
  }
  const key = `${language}${digits}`;
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, made);
  }
  return made.format(near).replace("-", "−");
}

function signed(language: Language, value: number): string {
  return rounded(value, 2) > 0 ? `+${format(language, value, 2)}` : format(language, value, 2);
}

function percent(language: Language, share: number): string {
  if (share > 0 && share < 0.005) return "<1%";
  if (share > 0.995 && share < 1) return ">99%";
  return `${format(language, Math.round(100 * rounded(share, 2)), 0)}%`;
}

function capital(sentence: string): string {
  if (sentence.startsWith("één")) return `Eén${sentence.slice(3)}`;
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

function filled(sentence: Text, values: (language: Language) => Readonly<Record<string, string>>): Text {
  const told = LANGUAGES.map((language) => {
    const given = values(language);
    return [language, capital(sentence[language].replace(/\{(\w+)\}/g, (_, name: string) => given[name] ?? ""))];
  });
  return Object.fromEntries(told) as Text;
}

/** What stands in the sentences of one run. */
export interface Names {
  readonly municipalities: readonly string[];
  readonly themes: readonly Named[];
  readonly world: StoredWorld;
  readonly design: Named;
  readonly successor: Named | null;
}

export interface Happening {
  readonly kind: string;
  readonly arena: number | null;
  readonly theme: number | null;
  readonly municipality: number | null;
  readonly amount: number | null;
}

export function eventSentence(content: Content, names: Names, happening: Happening): Text {
  const { sentence } = content.events.find((event) => event.name === happening.kind) as { sentence: Text };
  const { arena, theme, municipality, amount } = happening;
  return filled(sentence, (language) => ({
    theme: theme === null ? "" : (names.themes[theme]?.label[language] ?? ""),
    // the arena of a design beside the region's is called after the design
    arena: arena === null ? "" : (names.world.arenas[arena]?.label ?? names.design.label)[language],
    municipality: municipality === null ? "" : (names.municipalities[municipality] ?? ""),
    design: names.design.label[language],
    successor: names.successor?.label[language] ?? names.design.name,
    size: percent(language, amount ?? 0),
    fte: format(language, amount ?? 0, 2),
  }));
}

export function changeSentence(sentence: Text, names: Names, source: number, target: number, change: number): Text {
  return filled(sentence, (language) => ({
    source: names.municipalities[source] ?? "",
    target: names.municipalities[target] ?? "",
    change: format(language, Math.abs(change), 2),
    signed: signed(language, change),
  }));
}
