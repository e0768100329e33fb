// What the engine (templates/theme/assets/engine/) takes and gives. Results have the keys of
// `policybook … --format json`.

type Effect = "Allow" | "Deny";
type Verdict = "identical" | "equivalent" | "widened" | "narrowed" | "mixed" | "undetermined";
type Decided = "yes" | "no" | "undetermined";
type Outcome = "added" | "widened" | "changed" | "narrowed" | "removed";
type Level = "List" | "Read" | "Write" | "Tagging" | "Permissions management" | "Uncatalogued";
type Mitigation =
  "none" | "scoped or conditional" | "scoped" | "conditional" | "scoped and conditional";

/** A condition block of IAM, values always as lists. */
type ConditionBlock = Record<string, Record<string, readonly string[]>>;

/** An error of a text that should be a policy document; line 0 is the whole text. */
interface Problem {
  line: number;
  path: (string | number)[];
  message: string;
}

/** Grants with the same resources and condition. */
interface GroupResult {
  actions: readonly string[];
  not_actions: boolean;
  resources: readonly string[];
  not_resources: boolean;
  condition: ConditionBlock;
}

/** A gained or lost grant. Statements are counted from 1, through all documents of a side. */
interface EvidenceResult {
  kind: "action" | "resource" | "condition" | "deny";
  effect: Effect;
  action: string | null;
  not_action: readonly string[] | null;
  resource: string | null;
  not_resource: readonly string[] | null;
  condition: ConditionBlock;
  statement: number;
  was: GroupResult[];
  now: GroupResult[];
  kept: GroupResult[];
}

/** Exceptions of NotAction (with `resources`), or of NotResource (`resources` is null). */
interface ExceptionsResult {
  added: readonly string[];
  dropped: readonly string[];
  kept: number;
  resources: readonly string[] | null;
  not_resources: boolean;
  condition: ConditionBlock;
}

/**
 * What a change did to some actions. A group without actions is about those of the row; a row about
 * NotAction has none itself. Of what is `partly` kept, both grant a part that no pattern names.
 */
interface ChangeRowResult {
  effect: Effect;
  outcome: Outcome;
  actions: readonly string[];
  was: GroupResult[];
  now: GroupResult[];
  kept: GroupResult[];
  partly: GroupResult[];
  exceptions: ExceptionsResult[];
}

/** A comparison, as `policybook diff A B --format json` has it, and its rows. */
interface ComparisonResult {
  verdict: Verdict;
  gained: EvidenceResult[];
  lost: EvidenceResult[];
  undecided: readonly string[];
  formats_date: string | null;
  rows: ChangeRowResult[];
}

/** An effective action: its full name, and the statements and patterns that grant it ("" for NotAction). */
interface EffectiveAction {
  name: string;
  by: { statement: number; pattern: string }[];
}

/** The effective actions of one service by level, the least risky first; `Uncatalogued` last. */
interface EffectiveService {
  prefix: string;
  name: string;
  levels: { level: Level; actions: EffectiveAction[] }[];
}

interface StepGrantResult {
  statement: number;
  patterns: readonly string[];
  actions: readonly string[];
  resources: readonly string[];
  not_resources: boolean;
  condition: ConditionBlock;
  strength: readonly string[];
  mitigation: Mitigation;
  denied_by: readonly number[];
  scopable: boolean;
  limiting: readonly string[];
}

/** A risk rule, by its id, that a document matches. */
interface FlagResult {
  rule: string;
  title: string;
  kind: string;
  mitigation: Mitigation;
  steps: { does: string; mitigation: Mitigation; grants: StepGrantResult[] }[];
}

/** Another policy that overlaps with a document; see `Line` in analysis/overlap.py. */
interface OverlapLine {
  name: string;
  more: number;
  less: number;
  covers: Decided;
  covered: Decided;
}

/** How all policies overlap with one document, fewest different actions first. */
interface OverlapResult {
  kind: "some" | "none" | "everything";
  contained_in: OverlapLine[];
  contains: OverlapLine[];
  equal: OverlapLine[];
  near: OverlapLine[];
}

/** A rule of rules.yml. */
interface RiskRule {
  id: string;
  title: string;
  kind: string;
  steps: RiskStep[];
}

interface RiskStep {
  does: string;
  actions?: string[];
  level?: string | null;
  but?: string[];
  own?: string[];
  context?: Record<string, string[]>;
  open?: boolean;
  limited_by?: string[];
}

/** AWS's actions, as engine/catalogue.json has them. */
interface CatalogueFile {
  date: string;
  levels: string[];
  /** Whether they have several values (1), for global condition keys as AWS spells them. */
  globals: Record<string, number>;
  services: Record<string, CatalogueService>;
  /** Formats of further ARNs that actions, by full name in lower case, accept. */
  accepted: Record<string, string[]>;
}

/** A service; for each action, in order, one character of `levels` and one number of `types_of`. */
interface CatalogueService {
  name: string;
  actions: string[];
  /** The positions of the action's levels, as the bits of a digit in base 32. */
  levels: string;
  /** The resource types: the characters that names never have, and formats of ARNs. */
  types: [never: string, ...formats: string[]][];
  /** Lists of positions in `types`; -1 is an unknown type. */
  sets: number[][];
  /** The position in `sets` for each action. */
  types_of: number[];
  /** Whether they have several values (1), for the service's condition keys as AWS spells them. */
  keys: Record<string, number>;
}

/** engine/operations.json: operations of the same actions, by the prefix of their service. */
type OperationsFile = [
  actions: string[],
  sometimes: [action: string, when: string][],
  names: Record<string, string[]>,
][];

/** An API operation without an action of its own name, as `policybook grants` has it. */
interface ApiOperation {
  operation: string;
  actions: string[];
  sometimes: { action: string; when: string }[];
}

// --- between the engine's own modules -------------------------------------------------------------

type Grant = import("../templates/theme/assets/engine/model/documents.js").Grant;
type Clause = import("../templates/theme/assets/engine/model/documents.js").Clause;
type Term = import("../templates/theme/assets/engine/model/documents.js").Term;
type EvidenceKind = EvidenceResult["kind"];

/** A grant that was gained or lost; see `Evidence` in model/changes.py. */
interface Evidence {
  kind: EvidenceKind;
  grant: Grant;
  rest: Grant;
  kept: readonly Grant[];
  beside: readonly Grant[];
}

/** How a newer document differs from an older one; see `Change` in model/changes.py. */
interface Change {
  verdict: Verdict;
  gained: Evidence[];
  lost: Evidence[];
  undecided: string[];
  unsure: string[];
  formatsDate: string;
}

/** Grants with equal resources and condition; `negated` is about NotAction. */
interface GroupedGrants {
  negated: boolean;
  actions: readonly string[];
  resources: Term;
  condition: readonly Clause[];
}

/** How the exceptions of NotAction, or of NotResource (`resources` is null), differ. */
interface Exceptions {
  added: string[];
  dropped: string[];
  kept: number;
  resources: Term | null;
  condition: readonly Clause[];
}

/** What a change did to some actions; see `ChangeRow` in analysis/change_rows.py. */
interface ChangeRow {
  effect: Effect;
  actions: readonly string[];
  was: GroupedGrants[];
  now: GroupedGrants[];
  kept: GroupedGrants[];
  partly: GroupedGrants[];
  exceptions: Exceptions[];
}
