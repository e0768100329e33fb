// What the page /check/ knows of a policy document. Results have the keys of `policybook show FILE
// --format json`; see generator/policybook/output/own_documents/document_results.py.

/** An error or a warning about a text; line 0 is the whole text. */
interface FoundProblem {
  path: (string | number)[];
  kind: string;
  expected: string;
  found: string;
  level: "error" | "warning";
  line: number;
  /** What was most likely meant, or how to repair it; "" if that is not known. */
  hint: string;
}

interface UnknownActionResult {
  action: string;
  statements: number[];
  nearest: string[];
}

interface UnsupportedResult {
  statement: number;
  effect: Effect;
  element: "Action" | "Resource";
  pattern: string;
}

interface WildcardResult {
  pattern: string;
  statements: number[];
  actions: string[];
  every: boolean;
  shortest: string;
}

interface LeftResult {
  exact: boolean;
  services: { prefix: string; name: string; actions: Record<string, string> }[];
  removed: string[];
}

interface DocumentAnswers {
  services: EffectiveService[];
  unknown: UnknownActionResult[];
  unsupported: UnsupportedResult[];
  wildcards: WildcardResult[];
  risks: FlagResult[];
  overlap: OverlapResult | null;
  left: LeftResult | null;
}

/** A document of a text that was checked; `answers` is null if it could not be read. */
interface CheckedDocument {
  path: (string | number)[];
  line: number;
  findings: FoundProblem[];
  answers: DocumentAnswers | null;
}

/** engine/policies.json, all current documents of the site. */
interface PoliciesFile {
  names: string[];
  /** Action patterns by what they begin with. */
  actions: [head: string, rest: string[]][];
  resources: string[];
  conditions: Record<string, Record<string, string[]>>[];
  /**
   * The statements of each policy: flags (1 for Deny, 2 for NotAction, 4 for NotResource, 8 without policy
   * variables), the position of the condition block, and those of actions and resources, each as the
   * distance from the one before, less 1.
   */
  documents: [flags: number, block: number, actions: number[], resources: number[]][][];
}

/** What the worker of /check/ answers. */
type CheckReply =
  | { checked: CheckedDocument[]; date: string }
  | { policies: number }
  | { overlaps: (OverlapResult | null)[] }
  | { comparisons: (ComparisonResult | null)[] }
  | { trouble: string };
