// Reads engine/policies.json, all current documents of the site, as documents of the engine.
import { statements } from "../engine/iam/statements.js";
import { Document } from "../engine/model/documents.js";

/** @import { StatementFile } from "../engine/iam/statements.js" */

const [DENY, NOT_ACTION, NOT_RESOURCE, WITHOUT_VARIABLES] = [1, 2, 4, 8];

/**
 * The documents, each with the name of its policy, in the order of the names.
 * @param {PoliciesFile} file
 * @returns {Generator<[name: string, document: Document]>}
 */
export function* documentsIn({ names, actions, resources, conditions, documents }) {
  const patterns = actions.flatMap(([head, rest]) => rest.map((name) => head + name));
  for (const [place, found] of documents.entries()) {
    const without = found.some(([flags]) => flags & WITHOUT_VARIABLES);
    const files = found.map(([flags, block, ofActions, ofResources]) => {
      /** @type {StatementFile} */
      const statement = { Effect: flags & DENY ? "Deny" : "Allow", Condition: conditions[block] };
      statement[flags & NOT_ACTION ? "NotAction" : "Action"] = listed(ofActions, patterns);
      statement[flags & NOT_RESOURCE ? "NotResource" : "Resource"] = listed(ofResources, resources);
      return statement;
    });
    const source = { Version: without ? "2008-10-17" : "2012-10-17", Statement: files };
    yield [names[place], new Document(statements(files, !without), source)];
  }
}

/**
 * The texts at some places; each place is its distance from the one before, less 1.
 * @param {number[]} distances
 * @param {string[]} texts
 */
function listed(distances, texts) {
  let place = -1;
  return distances.map((distance) => texts[(place += distance + 1)]);
}
