import assert from "node:assert/strict";
import { test } from "node:test";
import {
  pathsOfDocuments, pathsOfPolicies,
} from "../../../templates/theme/assets/engine/analysis/joint-paths.js";
import { cases } from "./cases.js";

/** @type {{ file: RiskStepsFile, questions: { documents: AttachedDocument[], joint: MatchedRule[], answer: any }[] }} */
const { file, questions } = /** @type {any} */ (cases("joint-paths.json"));

/**
 * A path as the cases have it.
 * @param {JointPath} path
 */
function plain({ rule, gain, mitigation, steps, sets, alone }) {
  return { rule, gain, mitigation, steps: steps.map(({ mitigation, by }) => ({ mitigation, by })), sets, alone };
}

/** @param {{ rule: string }[]} paths */
function rulesOf(paths) {
  return paths.map(({ rule }) => rule);
}

test("of documents, the answers are those of the command", () => {
  for (const { documents, joint, answer } of questions) {
    const found = pathsOfDocuments(joint, documents);
    assert.deepEqual({ ...found, paths: found.paths.map(plain) }, answer);
  }
});

test("of policies, the answers are those of the command, or an upper bound that says why", () => {
  let exact = 0, unsure = 0;
  for (const { documents, answer } of questions) {
    const names = documents.map(({ name }) => name);
    const found = pathsOfPolicies(names, file);
    const certain = found.paths.filter((path) => !path.unsure.length);
    const expected = answer.paths.filter((/** @type {JointPath} */ { rule }) => rulesOf(certain).includes(rule));
    assert.deepEqual(certain.map(plain), expected);
    for (const rule of rulesOf(answer.paths)) assert.ok(rulesOf(found.paths).includes(rule));
    for (const rule of found.prevented) assert.ok(answer.prevented.includes(rule));
    if (!names.some((name) => file.limited[name])) assert.deepEqual(found.prevented, answer.prevented);
    for (const path of found.paths) {
      assert.ok(path.unsure.every((name) => names.includes(name) && file.limited[name]));
      if (path.unsure.length) unsure += 1;
      else exact += 1;
    }
  }
  assert.ok(exact > 10 && unsure > 2, `${exact} exact, ${unsure} unsure`);
});

test("what each step does and the titles of rules come from the file", () => {
  const [path] = questions.flatMap(({ documents }) => pathsOfPolicies(documents.map(({ name }) => name), file).paths);
  const rule = file.rules.find(({ id }) => id === path.rule);
  assert.deepEqual([path.title, path.kind, path.steps.map(({ does }) => does)], [rule?.title, rule?.kind, rule?.steps]);
});

test("one policy, one that grants no step, and one twice make nothing possible together", () => {
  for (const name of Object.keys(file.grants))
    for (const names of [[name], [name, name], [name, "unknown"]])
      assert.deepEqual(pathsOfPolicies(names, file).paths, []);
});

test("a Deny of one policy removes or may limit what the others grant; its own is known", () => {
  const rules = [{ id: "r", title: "R", kind: "pass-role", steps: ["pass", "start"] }];
  /** @type {RiskStepsFile} */
  const small = {
    limits: file.limits,
    rules,
    grants: { Pass: [0], Start: [8], Both: [0, 8] },
    removed: { Never: [0] },
    limited: { Sometimes: [1], Pass: [0] },
  };
  const of = (/** @type {string[]} */ ...names) => pathsOfPolicies(names, small);
  assert.deepEqual(of("Pass", "Start").paths.map(({ unsure, sets }) => [unsure, sets]), [[[], [["Pass", "Start"]]]]);
  assert.deepEqual(of("Pass", "Start", "Sometimes").paths.map(({ unsure }) => unsure), [["Sometimes"]]);
  assert.deepEqual(of("Pass", "Start", "Never"), { paths: [], prevented: [] });
  assert.deepEqual(of("Both", "Never"), { paths: [], prevented: ["r"] });
});
