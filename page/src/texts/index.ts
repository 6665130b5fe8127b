/** The texts of the page. A key that one language lacks is an error of compilation. */

import type { Language } from "../engine/contract.js";
import { en } from "./en.js";
import { nl } from "./nl.js";

type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] extends readonly string[] ? readonly string[]
  : T[K] extends (...given: never[]) => unknown ? T[K] : Same<T[K]> };

export type Texts = Same<typeof en>;

export const TEXTS: Readonly<Record<Language, Texts>> = { nl, en };
