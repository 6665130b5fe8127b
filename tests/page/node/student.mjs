import { bresim, json } from "./parts.mjs";

console.log(JSON.stringify(bresim.studentQuantile(0.975, json("freedom.json"))));
