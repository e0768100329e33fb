// What the policies of each choice make possible together that none of them does alone.
import { pathsOfPolicies } from "../engine/analysis/joint-paths.js";

/**
 * The choices of an answer, each with what its policies make possible together.
 * @param {ChooseAnswer} answer
 * @param {RiskStepsFile} steps
 * @returns {ChooseAnswer}
 */
export function withPaths(answer, steps) {
  const choices = answer.choices.map((choice) => ({
    ...choice,
    together: choice.policies.length > 1 ? pathsOfPolicies(choice.policies, steps) : null,
  }));
  return { ...answer, choices };
}
