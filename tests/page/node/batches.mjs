// Whether batches are those of Python, bit for bit: for each request the number of runs, and of runs that are the same.
import { bresim, differing, floats, json, parts, rest } from "./parts.mjs";

const model = new bresim.Model(parts(rest[0] ?? "simd"), Number(rest[1] ?? 0));
const REPLICATES = 20;

console.log(
  JSON.stringify(
    json("requests.json").map(({ request, file }) => {
      const wanted = floats(file);
      const all = request.last - request.first;
      const cases = request.designs.length * request.foundings.length;
      const columns = wanted.length / (cases * all);
      const wrong = new Set(), before = model.histories.resumed;
      for (let first = request.first; first < request.last; first += REPLICATES) {
        const last = Math.min(first + REPLICATES, request.last);
        const part = model.batch(request, first, last);
        const count = last - first;
        for (let at = 0; at < cases * columns; at++) {
          const from = at * all + first - request.first;
          const places = differing(part.values.subarray(at * count, (at + 1) * count), wanted.subarray(from, from + count));
          for (const place of places) wrong.add(`${Math.floor(at / columns)} ${first + place}`);
        }
      }
      return { region: request.region, scenario: request.scenario, runs: cases * all, same: cases * all - wrong.size, columns, resumed: model.histories.resumed - before };
    }),
  ),
);
