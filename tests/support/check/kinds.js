// Findings of the page /check/ about documents of policies of some types, for tests/checks/test_kinds_in_browser.py:
// reads pairs of a type and a document, and writes the findings of each.
import { readFileSync } from "node:fs";
import { documentFindings } from "../../../templates/theme/assets/check/findings.js";
import { rulesOf } from "../../../templates/theme/assets/check/kinds.js";
import { doesGrant } from "../../../templates/theme/assets/check/policy-kind.js";
import { catalogueOf } from "../../../templates/theme/assets/engine/engine.js";

const catalogue = catalogueOf(JSON.parse(readFileSync(process.argv[2], "utf-8")));
const asked = JSON.parse(readFileSync(0, "utf-8"));
const found = asked.map(([type, document]) => ({
  grants: doesGrant(type),
  findings: [...documentFindings(document, catalogue, new Map(), rulesOf(type))],
}));
process.stdout.write(JSON.stringify(found));
