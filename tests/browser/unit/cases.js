// Tables of cases that Python's tests read too.
import { readFileSync } from "node:fs";

/**
 * @param {string} file in tests/support/cases
 * @returns {Record<string, any>}
 */
export function cases(file) {
  return JSON.parse(readFileSync(new URL(`../../support/cases/${file}`, import.meta.url), "utf-8"));
}
