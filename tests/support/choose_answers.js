// Answers questions as the page /choose/ does: the data of the page and the questions as JSON on
// standard input, the answers on standard output.
import { readFileSync } from "node:fs";
import { answer } from "../../templates/theme/assets/choose/answer.js";
import { grantedTogether } from "../../templates/theme/assets/choose/granted.js";
import { Membership } from "../../templates/theme/assets/choose/membership.js";
import { withPaths } from "../../templates/theme/assets/choose/together.js";
import { catalogueOf, readDocument } from "../../templates/theme/assets/engine/engine.js";
import { Index } from "../../templates/theme/assets/finder/index.js";
import { operationsOf } from "../../templates/theme/assets/tools/operations.js";

const { catalogue, documents, names, membership, operations, steps, questions } = JSON.parse(readFileSync(0, "utf-8"));
const known = operationsOf(operations);
const policies = new Membership(new Index(names), membership);
const actions = catalogueOf(catalogue);

/** @param {any} question with the names of policies, or with what they grant instead */
function asked(question) {
  if (!question.asDocuments) return question;
  const read = question.insteadOf.map((/** @type {string} */ name) => readDocument(JSON.stringify(documents[name])));
  return { ...question, insteadOf: [], granted: grantedTogether(read.map(({ document }) => document), actions) };
}

process.stdout.write(JSON.stringify(questions.map((question) => withPaths(answer(policies, known, asked(question)), steps))));
