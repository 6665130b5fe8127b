// Statistics of a batch: one row a case and outcome, as summary.csv.
import { bresim, json, parts } from "./parts.mjs";

const model = new bresim.Model(parts());
const { request } = json("requests.json")[0];
const batchOf = (first, last) => {
  const part = model.batch(request, first, last);
  const { outcomes } = model.parts.content.regions.find((one) => one.name === request.region);
  const cases = request.designs.flatMap((design) => request.foundings.map((founding) => ({ design, founding })));
  return { request: { ...request, first, last }, cases, outcomes, replicates: last - first, took: 0, ...part };
};
const { statistics } = bresim;
const middle = request.first + 7;
const batch = statistics.join(batchOf(request.first, middle), batchOf(middle, request.last));
const rows = [];
for (const { name } of batch.outcomes) {
  const best = statistics.best(batch, name);
  batch.cases.forEach(({ design, founding }, at) => {
    const column = statistics.column(batch, name, at);
    const reference = batch.cases.findIndex((one) => one.design === "status_quo" && one.founding === founding);
    const gap = statistics.difference(batch, name, at, reference);
    const between = statistics.between(batch, at, batch, reference, name);
    rows.push({
      design, founding, outcome: name,
      mean: statistics.mean(column), low: statistics.quantile(column, 0.05), high: statistics.quantile(column, 0.95),
      difference: gap.mean, difference_low: gap.low, difference_high: gap.high, probability_best: best[at],
      between: between.high,
    });
  });
}
console.log(JSON.stringify(rows, (_, value) => (typeof value === "number" && Number.isNaN(value) ? null : value)));
