// What a page says of the design files that a test has laid ready: for each the sentences, by language.
import { bresim, json, rest } from "./parts.mjs";

const content = json("content.json");
const designs = content.allDesigns.filter((one) => content.designs.includes(one.name));
const page = { catalogue: { ...content, designs }, inspect: (file, name, region) => bresim.inspect(content, file, name, region) };
const told = json("files.json").map(({ name, text }) => {
  const found = bresim.read(new Uint8Array(Buffer.from(text, "base64")), name, rest[0], page);
  return Object.fromEntries(["nl", "en"].map((lang) => [lang, (found.problems ?? []).map((one) => bresim.inOneLine(one, lang))]));
});
console.log(JSON.stringify(told));
