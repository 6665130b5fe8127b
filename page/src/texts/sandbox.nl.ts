/** Nederlandse teksten van de zandbak, in gewone taal (B1). */

import type { Texts } from "./index.js";

type Side = -1 | 0 | 1;
const levert = (side: Side): string => (side > 0 ? "winst" : side < 0 ? "verlies" : "geen duidelijk verschil");

export const sandbox: Texts["sandbox"] = {
  tab: "Zandbak",
  title: "Probeer het zelf",
  lead: "Kies een onderstroom, maatregelen en samenwerkingsvormen. Het model rekent veel mogelijke toekomsten door, steeds met hetzelfde geluk, en vergelijkt ze met de huidige samenwerking.",
  region: "Regio", scenario: "Wat er buiten gebeurt", undercurrent: "Onderstroom", levels: "Niveaus om mee te beginnen",
  knobs: { parochialism: "Eigen gemeente eerst", cleavage: "Kloof tussen stad en land", negativity: "Slecht nieuws telt zwaarder" },
  level: (name) => `Onderstroom: ${name}.`,
  ownLevel: "Onderstroom: uw eigen instelling.",
  designs: "Kies samenwerkingsvormen", against: "Vergelijk met de huidige samenwerking",
  most: (most) => `Hoogstens ${most} vormen tegelijk: haal er eerst een weg.`,
  unfit: (why) => `Uw eigen vorm doet niet mee, want hij past niet in deze regio. ${why}`,
  measures: "Voeg maatregelen toe", measuresHow: "Een maatregel werkt ook zonder dat er iets wordt opgericht. 0% is zonder, 100% is op volle sterkte.",
  counting: (futures) => `${futures} toekomsten worden doorgerekend …`,
  refining: (futures, all) => `${futures} toekomsten; het model gaat door tot ${all} …`,
  fewer: (futures) => `${futures} mogelijke toekomsten in elk van de twee werelden: deze regio of dit apparaat heeft er lang voor nodig, en meer kost u te veel tijd. De verschillen zijn daardoor minder zeker.`,
  counted: (futures) => `${futures} mogelijke toekomsten in elk van de twee werelden.`,
  design: "Samenwerkingsvorm", ifFounded: "Winst als het er komt", asDecided: "Winst zoals besloten", chance: "Kans dat het er komt",
  calmGain: "Winst zoals besloten, zonder onderstroom", calmChance: "Kans, zonder onderstroom",
  nowMeasured: "Huidige samenwerking met deze maatregelen", noVote: "geen stemming",
  range: (mean, low, high) => `${mean} (${low} tot ${high})`,
  verdict: (name, founded, gain, decided, decidedGain, chance) =>
    `${name}. Als het er komt: ${levert(founded)}, ${gain} procentpunt waarde. Het komt er in ${chance} van de toekomsten. Zoals besloten: ${levert(decided)}, ${decidedGain}.`,
  gains: (futures) => `Winst vergeleken met nu, in procentpunten waarde (${futures} toekomsten)`,
  sure: "Tussen haakjes: het 95%-interval van het gemiddelde. Ligt 0 daarin, dan ziet het model geen verschil. De winst als het er komt hangt niet af van de kans dat het er komt: daarvoor richt het model de vorm in elke toekomst meteen op, zonder stemming. Waarde: het deel van wat samenwerken een gemeente kan opleveren, dat aan het einde is bereikt, op alle schalen samen. Het verhaal toont in scène 5 en 6 alleen de schaal van de regio.",
  fan: (futures) => `Waar ${futures} toekomsten eindigen: waarde aan het einde, zoals besloten`,
  fanHow: "Lichte balk: negen van de tien toekomsten. Donkere balk: de middelste helft. Streep: de middelste toekomst. Eén toekomst kan ver van het gemiddelde liggen.",
  fanWords: "De figuur in getallen",
  over: (futures) => `Hoe het in de tijd gaat: waarde per kwartaal, zoals besloten (${futures} toekomsten)`,
  overSoon: "Het verloop in de tijd wordt doorgerekend …",
  overWords: (name, begin, end, low, high) => `${name}: de middelste toekomst gaat van ${begin} naar ${end}; negen van de tien eindigen tussen ${low} en ${high}.`,
  overHow: "Lichte band: negen van de tien toekomsten. Donkere band: de middelste helft. Streep: de middelste, per kwartaal. De gestippelde lijn is de middelste bij de huidige samenwerking.",
  year: "Eind van",
  bandHere: (name) => `${name}, deze onderstroom`, bandCalm: (name) => `${name}, geen onderstroom`,
  quantile: (percent) => (percent === 50 ? "midden" : `${percent}% lager`),
  counts: (futures) => `Wat er gebeurt, zoals besloten, met deze onderstroom (${futures} toekomsten)`,
  agreements: "Akkoorden", deadlocks: "Patstellingen", completed: "Afgerond", kept: "Beloften nagekomen",
  countsHow: "Gemiddelde, met tussen haakjes negen van de tien toekomsten. Een belofte die niet gebroken en niet te laat was, telt als nagekomen.",
  closer: "Van dichtbij", showTowns: "Elke gemeente", showMap: "Eén toekomst op de kaart",
  town: "Gemeente", says: "Kans op ja", value: "Waarde", trust: "Vertrouwen van anderen", grievance: "Oud zeer van anderen",
  towns: (name, futures) => `${name}: elke gemeente in ${futures} toekomsten`,
  townsHow: (few) => `Gemiddelde, met tussen haakjes negen van de tien toekomsten. Kans op ja: in de eerste stemming over oprichten, in ${few} toekomsten; een streepje als er geen stemming is.`,
  what: "Toon", mapTitle: { trust: "Vertrouwen van anderen in haar", grievance: "Oud zeer van anderen tegen haar", promises: "Deel van haar beloften dat zij nakwam" },
  place: {
    trust: (town, share) => `${town}: het vertrouwen van de anderen is ${share}`,
    grievance: (town, share) => `${town}: de oud zeer van de anderen is ${share}`,
    promises: (town, share, due) => (due === 0 ? `${town}: nog geen belofte liep af` : `${town}: kwam ${share} van ${due} beloften na`),
  },
  happened: (date, events, told) =>
    `In het ${date}: ${events === 0 ? "er gebeurde niets dat is opgeschreven." : told.length === 0 ? `${events} kleine gebeurtenissen.` : told.join(" ")}`,
  oneFuture: (number) => `Dit is toekomst ${number}: één van vele. Zij laat zien wat kan gebeuren, niet wat zal gebeuren.`,
  other: "Een andere toekomst",
};
