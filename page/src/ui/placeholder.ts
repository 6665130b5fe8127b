/** A page that shows that the model runs: what each design yields under every undercurrent. */

import type { Batch, Engine, EngineError, Language, LoadOptions } from "../engine/contract.js";
import { statistics } from "../engine/statistics.js";

const HEADLINE = "public_value_direct";
const REPLICATES = 50;

const WORDS = {
  loading: { nl: "Het model start…", en: "The model is starting…" },
  same: { nl: "Deze browser rekent precies zoals Python", en: "This browser computes exactly as Python does" },
  differs: { nl: "Let op: deze browser rekent anders dan Python", en: "Note: this browser computes differently from Python" },
  numbers: { nl: "getallen vergeleken", en: "numbers compared" },
  speed: { nl: "simulaties per seconde", en: "runs per second" },
  design: { nl: "Samenwerkingsvorm", en: "Design" },
  caption: {
    nl: "Gemiddelde gerealiseerde maatschappelijke waarde als de vorm er komt, per sterkte van de onderstroom",
    en: "Mean realised public value if the design is founded, by strength of the undercurrent",
  },
} as const;

function element(name: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function table(engine: Engine, batches: readonly Batch[], language: Language): HTMLElement {
  const made = element("table");
  made.append(element("caption", WORDS.caption[language]));
  const head = element("tr");
  head.append(element("th", WORDS.design[language]), ...engine.catalogue.undercurrents.map((level) => element("th", level.label[language])));
  made.append(head);
  const percent = new Intl.NumberFormat(language, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  engine.catalogue.designs.forEach((design, at) => {
    const row = element("tr");
    row.append(element("th", design.label[language]));
    for (const batch of batches) row.append(element("td", percent.format(statistics.mean(statistics.column(batch, HEADLINE, at)))));
    made.append(row);
  });
  return made;
}

export async function show(load: (options?: LoadOptions) => Promise<Engine>): Promise<void> {
  const language: Language = document.documentElement.lang === "en" ? "en" : "nl";
  const main = document.querySelector("main") ?? document.body;
  const state = element("p", WORDS.loading[language]);
  state.id = "state";
  state.setAttribute("role", "status");
  main.append(state);
  try {
    const engine = await load();
    const { check, catalogue } = engine;
    const region = catalogue.regions[0]?.name ?? "";
    const scenario = catalogue.scenarios[0]?.name ?? "";
    const designs = catalogue.designs.map((design) => design.name);
    const started = performance.now();
    const batches = await Promise.all(
      catalogue.undercurrents.map(({ knobs }) =>
        engine.batch({ region, scenario, undercurrent: knobs, designs, foundings: ["at_once"], first: 0, last: REPLICATES }),
      ),
    );
    const speed = Math.round((1000 * batches.length * designs.length * REPLICATES) / (performance.now() - started));
    main.append(table(engine, batches, language));
    const verdict = WORDS[check.same ? "same" : "differs"][language];
    state.textContent = `${verdict} (${check.compared - check.different}/${check.compared} ${WORDS.numbers[language]}, ${check.build}, ${Math.round(check.took)} ms). ${speed} ${WORDS.speed[language]}.`;
    state.dataset["same"] = String(check.same);
  } catch (error) {
    const known = error as EngineError;
    state.textContent = known.text?.[language] ?? String(error);
    state.dataset["same"] = "error";
  }
}
