/** Texts of the workshop. A key that one language lacks is an error of compilation. */

import type { Language } from "../../engine/contract.js";

const en = {
  title: "Workshop",
  lead: "For 8 to 16 people around one screen. Nothing is stored: leave this page open until you are done.",
  town: "Municipality", design: "Design", under: "Undercurrent", scenario: "Shock", counting: "The model is calculating …",
  roles: "1. Take a municipality that is not yours", rolesMake: "Make the role cards", print: "Print",
  card: { urgency: "How urgent the themes are to it", support: "Support of its council", free: "Staff that is free for the region",
    trusts: "Trusts most", doubts: "Trusts least", task: "Your task: stand up for this municipality, also where you think otherwise." },
  free: (share: string) => `${share} of its capacity to execute`,
  range: (mean: string, low: string, high: string) => `${mean} (${low} to ${high})`,
  note: (futures: number) => `Mean, and lowest to highest, of ${futures} possible pasts up to policy start, undercurrent as in the report.`,
  reasons: {
    trust: "trust in the others", support: "support of the council", orientation: "how regional it looks", urgency: "urgency of the themes", interest: "own interest in the themes",
    money: "money in sight", autonomy: "loss of autonomy", say: "unequal say", refused: "memory of an earlier no",
  } as Readonly<Record<string, string>>,
  veil: "A code hides a vote from a glance, not from someone who wants to work it out.", yourVote: "Your vote",
  vote: "2. Vote in secret", yes: "Yes, found it", no: "No", make: "Show my code", code: (code: string) => `Your code: ${code}`,
  clear: "Clear my ballot", type: "Code from a phone", enter: "Count the vote", hand: "Count this ballot by hand",
  wrong: { length: "A code has six characters. Type it again.", character: "A code has letters and digits only. Type it again.",
    check: "There is a typing error in this code. Compare it with the phone.", unknown: "This code is from a page with another region or other designs." },
  counted: (town: string, design: string) => `The vote of ${town} on ${design} has been counted.`,
  beside: "Show the votes beside the model's", none: "–", voteRow: { yours: "Vote at the table", model: "Model: chance of a yes", why: "Model: weighs most for / against" },
  tally: (yes: number, all: number) => `At the table ${yes} of ${all} vote yes.`,
  play: "3. Predict, then play 2024–2033", draw: "Draw a shock", deadlocks: "Deadlocks per future: your prediction", agreements: "Agreements per future: your prediction", run: "Play",
  outcome: (name: string, guess: string, found: string, low: string, high: string) => `${name}: you said ${guess}; the model gives ${found} (nine in ten futures: ${low} to ${high}).`,
  first: { deadlocked: "First deadlock", broken: "First broken promise" }, who: "Who calls whom? Talk about it before you go on.", never: "Not in this future.", on: "Go on",
  hold: "4. Turn the undercurrent: which package holds?", holdRun: "Calculate all designs", held: (level: string) => `Completed, ${level.toLowerCase()}`,
  holdNote: (futures: number) => `Completed regional plans per future as decided by vote, mean of ${futures} futures, between brackets nine in ten futures.`,
  close: "5. Back to your own municipality", closeMake: "Make the closing sheets", monday: "What do you do on Monday?",
  lines: ["Our promise", "What we watch", "Our red line"],
};
export type Words = typeof en;

const nl: Words = {
  title: "Workshop",
  lead: "Voor 8 tot 16 mensen rond één scherm. Er wordt niets bewaard: laat deze pagina open tot u klaar bent.",
  town: "Gemeente", design: "Samenwerkingsvorm", under: "Onderstroom", scenario: "Schok", counting: "Het model rekent …",
  roles: "1. Neem een gemeente die niet de uwe is", rolesMake: "Maak de rolkaarten", print: "Afdrukken",
  card: { urgency: "Hoe dringend de thema's voor haar zijn", support: "Steun van haar raad", free: "Mensen die vrij zijn voor de regio",
    trusts: "Vertrouwt het meest", doubts: "Vertrouwt het minst", task: "Uw taak: kom op voor deze gemeente, ook waar u zelf anders denkt." },
  free: (share) => `${share} van haar uitvoeringskracht`,
  range: (mean, low, high) => `${mean} (${low} tot ${high})`,
  note: (futures) => `Gemiddelde, en laagste tot hoogste, van ${futures} mogelijke verledens tot de start van het beleid, onderstroom zoals in het rapport.`,
  reasons: {
    trust: "vertrouwen in de andere", support: "steun van de raad", orientation: "hoe regionaal zij kijkt", urgency: "urgentie van de opgaven", interest: "eigen belang bij de opgaven",
    money: "geld in zicht", autonomy: "verlies van autonomie", say: "ongelijke zeggenschap", refused: "herinnering aan een eerder nee",
  },
  veil: "Een code verbergt een stem voor wie meekijkt, niet voor wie haar wil uitrekenen.", yourVote: "Uw stem",
  vote: "2. Stem in het geheim", yes: "Ja, oprichten", no: "Nee", make: "Toon mijn code", code: (code) => `Uw code: ${code}`,
  clear: "Wis mijn stembriefje", type: "Code van een telefoon", enter: "Tel de stem", hand: "Tel dit briefje met de hand",
  wrong: { length: "Een code heeft zes tekens. Typ hem nog eens.", character: "Een code heeft alleen letters en cijfers. Typ hem nog eens.",
    check: "Er zit een typefout in deze code. Vergelijk hem met de telefoon.", unknown: "Deze code komt van een pagina met een andere regio of andere samenwerkingsvormen." },
  counted: (town, design) => `De stem van ${town} over ${design} is geteld.`,
  beside: "Toon de stemmen naast die van het model", none: "–", voteRow: { yours: "Stem aan tafel", model: "Model: kans op ja", why: "Model: weegt het meest voor / tegen" },
  tally: (yes, all) => `Aan tafel stemmen ${yes} van de ${all} voor.`,
  play: "3. Voorspel, en speel dan 2024–2033", draw: "Trek een schok", deadlocks: "Patstellingen per toekomst: uw voorspelling", agreements: "Akkoorden per toekomst: uw voorspelling", run: "Speel",
  outcome: (name, guess, found, low, high) => `${name}: u zei ${guess}; het model geeft ${found} (negen van de tien toekomsten: ${low} tot ${high}).`,
  first: { deadlocked: "Eerste patstelling", broken: "Eerste gebroken toezegging" }, who: "Wie belt wie? Praat erover voordat u verdergaat.", never: "Niet in deze toekomst.", on: "Verder",
  hold: "4. Draai aan de onderstroom: welk pakket houdt stand?", holdRun: "Reken alle samenwerkingsvormen door", held: (level) => `Afgerond, ${level.toLowerCase()}`,
  holdNote: (futures) => `Afgeronde regionale plannen per toekomst, zoals besloten na een stemming, gemiddeld over ${futures} toekomsten, tussen haakjes negen van de tien toekomsten.`,
  close: "5. Terug naar uw eigen gemeente", closeMake: "Maak de slotbladen", monday: "Wat doet u maandag?",
  lines: ["Onze toezegging", "Waar wij op letten", "Onze rode lijn"],
};

export const WORDS: Readonly<Record<Language, Words>> = { nl, en };
