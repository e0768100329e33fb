// Answers questions as the page /choose/ does: the data of the page and the questions as JSON on
// standard input, the answers on standard output.
import { readFileSync } from "node:fs";
import { answer } from "../../templates/theme/assets/choose/answer.js";
import { Membership } from "../../templates/theme/assets/choose/membership.js";
import { withPaths } from "../../templates/theme/assets/choose/together.js";
import { Index } from "../../templates/theme/assets/finder/index.js";
import { operationsOf } from "../../templates/theme/assets/tools/operations.js";

const { names, membership, operations, steps, questions } = JSON.parse(readFileSync(0, "utf-8"));
const known = operationsOf(operations);
const policies = new Membership(new Index(names), membership);
process.stdout.write(JSON.stringify(questions.map((question) => withPaths(answer(policies, known, question), steps))));
