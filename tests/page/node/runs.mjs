// Single runs, as the tables of Python: names and numbers of each, for Python to compare.
import { bresim, json, parts, rest } from "./parts.mjs";

const model = new bresim.Model(parts(rest[0] ?? "simd"));
const plain = (_, value) => {
  if (value instanceof Float64Array || value instanceof Int32Array) return Array.from(value, (one) => (Number.isNaN(one) ? null : one));
  return typeof value === "number" && Number.isNaN(value) ? null : value;
};

console.log(
  JSON.stringify(
    json("runs.json").map(({ request, steps }) => {
      const run = model.begin(request);
      const taken = [];
      for (const { choices, quarters } of steps) taken.push(...run.step(choices, quarters).map((one) => one.taken));
      return { ...run.run(), taken, seats: run.seats() };
    }),
    plain,
  ),
);
