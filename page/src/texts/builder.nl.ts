/** Nederlandse teksten om een samenwerkingsvorm te bouwen, in gewone taal (B1). */

import type { Texts } from "./index.js";

export const builder: Texts["builder"] = {
  tab: "Bouw een vorm",
  title: "Bouw een samenwerkingsvorm",
  lead: "Verander de regels van een vorm van samenwerken. De gemeenten in het model stemmen erover, met de regio, de onderstroom en de maatregelen van de zandbak.",
  names: { nl: "Naam in het Nederlands", en: "Naam in het Engels" },
  pick: "zelf kiezen …", picked: "Kies wie of wat",
  cardPrice: (share) => `vraagt ${share} autonomie`,
  played: (count, cards) => (count === 0 ? "Deze vorm is gelijk aan de huidige samenwerking." : `Op ${count} van de 7 kaarten anders dan nu: ${cards}.`),
  counting: "De gemeenten in het model stemmen …",
  answer: "Wat de gemeenten ervan vinden",
  noVote: "Over deze vorm stemmen de gemeenten niet.",
  worth: (futures) => `Wat elke kaart doet, als deze vorm er komt (${futures} toekomsten)`,
  card: "Kaart", worthValue: "Waarde, in procentpunten", worthStaff: "Mensen, in fte", worthAutonomy: "Autonomie",
  needed: "kan niet zonder",
  worthHow: "Van elke kaart: uw vorm, vergeleken met dezelfde vorm met op die kaart de regels van nu (zonder spreiding). Waarde: tussen haakjes het 95%-interval van het gemiddelde. Mensen: van alle gemeenten samen, met negen van de tien toekomsten. Kaarten werken op elkaar in, dus de rijen tellen niet op tot het geheel.",
  from: "Begin bij", open: "Open een bestand (YAML)", save: "Bewaar als bestand (YAML)", none: "niets",
  mineNl: (name) => `Mijn ${name}`, mineEn: (name) => `My ${name}`,
  types: {
    position: "Posities: wie leidt en besluit", boundary: "Grenzen: wie meedoet, en wat uitstappen kost", choice: "Keuzes: wat deelnemers mogen",
    aggregation: "Besluiten: hoe er één besluit komt", information: "Informatie: wie wat weet", payoff: "Kosten en opbrengsten", scope: "Bereik: welke thema's, en hoe lang",
  },
  evidence: { quoted: "De bron zegt het.", inferred: "Volgt uit de bron.", judgement: "Eigen inschatting." },
  range: (low, high) => `Van ${low} tot ${high} is te verdedigen; het model loot daaruit.`,
  changed: (name) => `Veranderd: een andere waarde dan in ${name}. Het model neemt haar als zeker.`,
  autonomy: (share) => `Prijs: een gemeente geeft ${share} van haar autonomie op.`,
  whole: (value, fte, futures) => `Als het er komt, vergeleken met nu: waarde ${value} procentpunt (tussen haakjes het 95%-interval), en een prijs van ${fte} fte van alle gemeenten samen (tussen haakjes negen van de tien van ${futures} toekomsten).`,
  takenOn: (share, all) => `Provinciale Staten steunen haar in ${share} van ${all} toekomsten.`,
  founded: (share, all) => `De gemeenten richten het op in ${share} van ${all} toekomsten.`,
  saved: (file) => `${file} is bewaard. In Python: bresim run governance=${file}`,
  opened: (file) => `${file} is geopend.`,
  refused: "Het bestand is niet geopend; de vorm blijft zoals hij was.",
  large: "Het bestand is te groot voor een samenwerkingsvorm.",
  otherwise: (fields) => `Geopend. Let op: de pagina neemt deze waarden zonder spreiding, of met een andere dan het bestand: ${fields}. Python kan andere getallen geven.`,
};
