// What policies make possible together: `templates/theme/assets/engine/analysis/joint-paths.js`.

/** engine/risk-steps.json, as generator/policybook/output/risk_steps.py describes it. */
interface RiskStepsFile {
  limits: string[];
  rules: StepsRule[];
  grants: Record<string, number[]>;
  removed: Record<string, number[]>;
  limited: Record<string, number[]>;
}

interface StepsRule {
  id: string;
  title: string;
  kind: string;
  steps: string[];
}

/** A risk rule that a document matches, as `policybook risks --format json` has it. */
interface MatchedRule {
  rule: string;
  title: string;
  kind: string;
  mitigation: string;
  steps: { does: string; mitigation: string; grants: { statement: number; mitigation: string }[] }[];
}

/** A document: how many statements it has, and the rules that it matches alone. */
interface AttachedDocument {
  name: string;
  statements: number;
  risks: MatchedRule[];
}

/**
 * A risk rule that policies match together as none does alone. `gain` is "opened" if one matches it
 * alone under limits that all together do not have. `sets` are the smallest sets that suffice.
 */
interface JointPath {
  rule: string;
  title: string;
  kind: string;
  gain: "new" | "opened";
  mitigation: string;
  steps: { does: string; mitigation: string; by: string[] }[];
  sets: string[][];
  alone: Record<string, string>;
  /** The policies whose Denies may limit the path further, which is not looked into. */
  unsure: string[];
}

interface JointPaths {
  paths: JointPath[];
  /** The ids of the rules that a policy matches alone, but not next to the Denies of the others. */
  prevented: string[];
}
