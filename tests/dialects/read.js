// Reads each `.env` text of a list with dotenv and prints what it makes of them, as JSON: a list of objects. The texts come by stdin; the folder of
// the packages is the argument.
const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");

const dotenv = createRequire(`${process.argv[2]}/`)("dotenv");
const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map((text) => dotenv.parse(Buffer.from(text)))));
