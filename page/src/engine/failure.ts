/** The errors that the engine rejects with. */

import type { EngineError, Problem, Text } from "./contract.js";

class Failure extends Error implements EngineError {
  constructor(readonly kind: EngineError["kind"], readonly text: Text, readonly problems: readonly Problem[], reason = "") {
    super(text.en, { cause: reason });
    this.name = "EngineError";
  }
}

export function failure(kind: EngineError["kind"], text: Text, problems: readonly Problem[] = []): EngineError {
  return new Failure(kind, text, problems);
}

/** What went wrong in a worker, as an error for the page. */
export function stopped(reason: string): EngineError {
  const memory = /memory|allocation/i.test(reason);
  return new Failure(memory ? "memory" : "worker", {
    nl: memory ? "Het model past niet in het geheugen van dit apparaat. Neem een kleinere regio of sluit andere tabbladen." : "Een berekening is gestopt. Probeer het nog eens.",
    en: memory ? "The model does not fit in the memory of this device. Take a smaller region, or close other tabs." : "A computation has stopped. Try again.",
  }, [], reason);
}

/** Why there is no worker at all. */
export function barred(reason: string): EngineError {
  return new Failure("browser", {
    nl: "Deze browser of website laat de pagina niet rekenen. Bewaar het bestand en open het vanaf uw eigen schijf, of neem een andere browser.",
    en: "This browser or website does not let the page compute. Save the file and open it from your own disk, or use another browser.",
  }, [], reason);
}
