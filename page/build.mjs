// Makes script and style of the pages, src/bresim/page/bundle.js and bundle.css, from the sources beside this file.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { build } from "esbuild";

// A test compares this digest with that of the sources, also where there is no Node. Sorted by path, with / in it.
const files = ["build.mjs", "package-lock.json", "tsconfig.json"];
const add = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) add(path);
    else files.push(path);
  }
};
add("src");
const digest = createHash("sha256");
for (const file of files.sort()) {
  digest.update(`${file}\n`);
  digest.update(readFileSync(file));
}

await build({
  entryPoints: [
    { in: "src/main.ts", out: "bundle" },
    { in: "src/style.css", out: "bundle" },
  ],
  bundle: true,
  format: "iife",
  globalName: "bresim",
  target: "es2022",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  banner: { js: `/* made from page/ by 'make page-bundle'; sources ${digest.digest("hex").slice(0, 16)} */` },
  outdir: process.argv[2] ?? "../src/bresim/page",
});
