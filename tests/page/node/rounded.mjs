// Numbers to two digits.
import { bresim, json } from "./parts.mjs";

console.log(JSON.stringify(json("numbers.json").map((number) => bresim.rounded(number, 2))));
