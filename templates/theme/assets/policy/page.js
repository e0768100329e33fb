// What the page of a policy does: its table of permissions, its documents, and its days.
import { pointedAt } from "../address.js";
import { setUpAsOf } from "./as-of.js";
import { setUpComparisons } from "./comparisons.js";
import { setUpDocuments } from "./documents.js";
import { setUpFirstRows } from "./first-rows.js";
import { setUpNames } from "./names.js";
import { setUpRows } from "./rows.js";
import { setUpSections } from "./sections.js";
import { setUpStatements } from "./statements.js";
// What those import is named here, too, so that browsers fetch it at once and not step by step.
import "../tools/sides.js";
import "./days.js";
import "./document-text.js";
import "./form.js";

/** Sets up what the page has of it. Rows are hidden then, so what was jumped to is looked for anew. */
export function setUpPolicy() {
  setUpSections();
  setUpNames();
  setUpRows();
  setUpFirstRows();
  setUpDocuments();
  setUpAsOf();
  setUpComparisons();
  if (location.hash) document.getElementById(pointedAt())?.scrollIntoView();
  setUpStatements();
}
