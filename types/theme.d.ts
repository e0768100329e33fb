// Types of what the theme's JavaScript reads and passes on. They are kept out of the scripts, so that
// browsers do not load them; JSDoc comments in the scripts name them.

/** search/names.json, as docs/reference/finder.md describes it. Numbers as keys are written as text. */
interface NamesFile {
  format: number;
  stamp: string;
  site: [title: string, url: string, words: string, about: string][];
  arns: string;
  elsewhere: string;
  resources: number;
  verbs: string[];
  usual: string;
  prefixes: string[];
  titles: string[];
  pages: string;
  nouns: string[];
  odd: Record<string, string[]>;
  fewest: number[];
  counts: string[];
  levels: string[];
  flips: Record<string, number[]>;
  slugs: Record<string, Record<string, string>>;
  policies: string[];
  rows: PolicyRows;
  keys: string[];
  key_slugs: Record<string, string>;
  operations: [always: number, actions: string, ...services: string[]][];
}

/** What is shown of each policy, in the order of the names. */
interface PolicyRows {
  types: string[];
  type_of: string;
  outcomes: string[];
  versions: string;
  changes: string;
  deprecated: number[];
  successors: Record<string, string[]>;
}

/** search/versions.json, as docs/reference/finder.md describes it. */
interface VersionsFile {
  format: number;
  stamp: string;
  keys: string[];
  defaults: string[];
  data_to: string;
}

/** A file below search/arns/, as docs/reference/finder.md describes it. */
interface ArnsFile {
  format: number;
  stamp: string;
  formats: [text: string, never: string][];
  actions: string[];
  levels: string;
  formats_of: string[];
  patterns: string[];
  terms: string[];
  rows: number[][];
}

/** search/patterns.json, as docs/reference/finder.md describes it. */
interface PatternsFile {
  format: number;
  stamp: string;
  services: [page: string, patterns: number][];
  patterns: ResourcePattern[];
  anchors: string;
  policies: string[];
  denying: Record<string, number[]>;
}

/** A pattern, or a list that stands for everything but those patterns. */
type ResourcePattern = string | string[];

/** An entry of the theme's own search index; title and text are HTML. */
interface ProseEntry {
  location: string;
  title: string;
  text: string;
}

interface Service {
  prefix: string;
  title: string;
  lowerTitle: string;
  /** "0": no page, "1": a page, "2": a page, and pages of its actions. */
  page: string;
}

type Kind = "page" | "service" | "policy" | "action" | "key" | "pattern" | "text" | "operation";

interface PolicyLink {
  name: string;
  /** Relative to the site's root, as every `href` here. */
  href: string;
  /** Whether the policy has the resource pattern in denials only. */
  denies: boolean;
  /** For an ARN only: the actions on it, shortened, and their levels. */
  actions?: string;
  /** For an ARN only: whether each statement has a condition. */
  conditional?: boolean;
}

/** What a list of results shows of an entry. */
interface Item {
  kind: Kind;
  text: string;
  detail: string;
  href: string;
  /** Whether the entry is what was typed, and not only like it. */
  exact: boolean;
  /** Of a resource pattern only: the policies with it. */
  policies?: PolicyLink[];
  /** Of a resource pattern only: whether it stands for everything but its text. */
  negated?: boolean;
  /** Where the policies that are not named are listed, if that is not at `href`. */
  more?: string;
}

interface Answer {
  /** The question without what was pasted along; "" where nothing was asked. */
  asked: string;
  total: number;
  counts: Record<string, number>;
  items: Item[];
  /** A sentence to show, or "". */
  say: string;
  /** Names like the question, where nothing was found. */
  near: Item[];
  /** The file below search/ without which there is no whole answer, or "". */
  needs: string;
}

/** What header.js needs of mkdocs.yml. */
interface HeaderSettings {
  palette: PaletteOption[];
  /** Whether the site has the theme's index of prose. */
  prose: boolean;
  /** The theme's own settings, or null where a page has its own. */
  theme: Record<string, unknown> | null;
  /** The nav, for narrow screens. */
  menu: MenuEntry[];
  /** What the header says, in the language of the site. */
  labels: Record<"menu" | "close" | "home" | "search" | "find" | "clear" | "findable" | "top", string>;
}

/** A page of the nav, its URL relative to the site's root, or a section. */
interface MenuEntry {
  title: string;
  url?: string;
  items?: MenuEntry[];
}

/** A scheme of mkdocs.yml's `palette`. */
interface PaletteOption {
  media?: string;
  scheme?: string;
  primary?: string;
  accent?: string;
  toggle?: { icon: string; name: string };
}

/** What Material stores of the reader's choice. */
interface StoredPalette {
  index?: number;
  color?: Record<string, string>;
}

/** What a list shows: words to find, the chosen values by facet, and the column of the order. */
interface ListState {
  find: string;
  chosen: Record<string, string[]>;
  sort: string;
  descending: boolean;
}

/** What a list has: its columns, and its facets with their choices. */
interface ListShape {
  /** What comes before the names of its parameters, "" or such as "actions.". */
  prefix: string;
  /** The columns that a reader sees. */
  heads: (ListColumn & { marks?: Marks })[];
  /** The columns of its file as CSV: those of marks have one for each name after their number. */
  columns: ListColumn[];
  facets: FacetShape[];
  /** How many facets have values in rows. */
  stored: number;
  file: { columns: FileColumn[] };
}

interface ListColumn {
  key: string;
  kind: string;
  title: string;
}

/** What a column of marks is about: the key and title of each, and what a mark can say. */
interface Marks {
  names: [key: string, title: string][];
  says: string[];
}

interface FacetShape {
  key: string;
  kind: string;
  title: string;
  /** The choice that is on if the address has none, or "". */
  usual: string;
  /** The place of its values in a row; -1 if it has none of its own. */
  place: number;
  values: string[];
  labels: string[];
  /** Where each access level is among the values, -1 if it is not. */
  places: number[];
}

/** A column as the file of a list has it: one for all access levels. */
interface FileColumn {
  kind: string;
  title: string;
  place: string;
  levels: string[];
  marks?: Marks;
}

/** A text or number; or a text, where it leads, and a flag; or several of them. */
type PackedCell = string | number | PackedCell[];

/** lists/….json: each row is its cells, then its values of facets, then its anchors. */
interface ListFile {
  format: number;
  rows: PackedCell[][];
}

interface ListRow {
  texts: (string | number)[];
  keys: (string | number)[];
  /** What words are looked for in, in lower case. */
  text: string;
  facets: (string | number | number[])[];
  anchors: string[];
  element: () => HTMLTableRowElement;
}

/** A row, the place of its highest level, and how many services it has beside the chosen ones. */
interface NearRow {
  row: ListRow;
  level: number;
  others: number;
}

// --- The page of choices --------------------------------------------------------------------------

/** search/membership.json, as docs/reference/finder.md describes it. */
interface MembershipFile {
  format: number;
  stamp: string;
  sets: string[];
  grants: string[];
  denies: Record<string, string>;
  voided: Record<string, Record<string, string>>;
  steps: string[];
  rules: [id: string, title: string, steps: number, place: string][];
  unattachable: number[];
  customer_managed: number[];
  weights: Record<string, number>;
  risk_weights: [limited: number, open: number];
}

interface ChooseSwitches {
  inFull: boolean;
  nothingElse: boolean;
  attachable: boolean;
  noDeprecated: boolean;
  customerManaged: boolean;
  /** The number of choices of each size. */
  most: number;
}

interface ChooseQuestion {
  text: string;
  /** Names of policies of which only the used actions are needed. */
  insteadOf: string[];
  /** What those grant instead, if some of them are versions or pasted documents. */
  granted: GrantedAction[] | null;
  switches: ChooseSwitches;
}

/** An effective action of documents: in lower case, the letter of its level, and as AWS spells it. */
type GrantedAction = [name: string, level: string, spelled: string];

/** The actions of an access level, which is named by its letter. */
interface LevelActions {
  level: string;
  actions: string[];
}

interface ChooseChoice {
  policies: string[];
  conditional: string[];
  excess: LevelActions[];
  /** Each with its address below the site's root. */
  risks: { rule: string; title: string; open: boolean; place: string }[];
  rank: { score: number; excess: number; risks: number };
  /** What several policies make possible together as none does alone. */
  together?: JointPaths | null;
}

interface ChooseAnswer {
  actions: string[];
  uncovered: string[];
  choices: ChooseChoice[];
  complete: boolean;
  insteadOf: { unused: LevelActions[]; notGranted: string[]; noPolicies: string[] } | null;
  operations: ApiOperation[];
  unknown: { text: string; why: string }[];
}

// --- The page of comparisons ----------------------------------------------------------------------

/** A policy document of the site, which was checked when the site was built. */
interface DocumentFile {
  Version?: string;
  Statement: import("../templates/theme/assets/engine/iam/statements.js").StatementFile | import("../templates/theme/assets/engine/iam/statements.js").StatementFile[];
}

/**
 * A document of a side: its policy, version, day and doubt as `policybook diff` has them; and the text
 * that was pasted, or the document of the site.
 */
type NamedText = {
  name: string;
  version: string | null;
  day: string | null;
  unsure: string;
  /** The policy's type, and whether a customer wrote it; undefined for a text that was pasted. */
  type?: string;
  ofCustomer?: boolean;
} & ({ text: string } | { document: DocumentFile });

/** What the page asks its worker. */
interface Question {
  a: NamedText[];
  b: NamedText[];
}

/** A document that cannot be read. */
interface Unread {
  name: string;
  problems: Problem[];
}

/** What the worker answers. */
type Answered = { unread: Unread[] } | { result: SideBySide; together: SidePaths };

/** What the policies of each side make possible together. */
interface SidePaths {
  a: JointPaths;
  b: JointPaths;
}

interface SideRule {
  rule: string;
  title: string;
  mitigation: Mitigation;
}

interface SideResult {
  documents: { name: string; version: string | null; day: string | null; unsure: string; statements: number }[];
  risks: SideRule[] | null;
}

/** Names of actions without the prefix, by access level. */
type NamesByLevel = Record<string, string[]>;

interface ServiceActions {
  only_a: NamesByLevel;
  both: NamesByLevel;
  only_b: NamesByLevel;
  otherwise: Record<string, Verdict>;
}

/** Two sets of policies, as `policybook diff A B --format json` has them. */
interface SideBySide extends ComparisonResult {
  reverse: Verdict;
  summary: string;
  b_contains_a: Decided;
  a_contains_b: Decided;
  a: SideResult;
  b: SideResult;
  services: Record<string, ServiceActions>;
}
