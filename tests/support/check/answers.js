// Answers of the page /check/, for tests/support/checked_documents.py: a question on each line, and an
// answer on each.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { checked, onlyDocument } from "../../../templates/theme/assets/check/checked.js";
import { catalogueOf, policiesOf } from "../../../templates/theme/assets/engine/engine.js";
import { operationsOf } from "../../../templates/theme/assets/tools/operations.js";
import { documentsIn } from "../../../templates/theme/assets/check/policies.js";

const [, , folder] = process.argv;
const file = (/** @type {string} */ name) => JSON.parse(readFileSync(`${folder}/${name}.json`, "utf-8"));
const catalogue = catalogueOf(file("catalogue"));
const policies = policiesOf(documentsIn(file("policies")), catalogue);
const known = { catalogue, rules: file("rules"), operations: operationsOf(file("operations")), policies };

for await (const line of createInterface({ input: process.stdin })) {
  const { text, boundary } = JSON.parse(line);
  const answer = checked(text, known, boundary ? onlyDocument(boundary) : null);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
