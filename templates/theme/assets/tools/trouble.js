// What the tools say where there is no answer.
import { element } from "../dom.js";

export const OFFLINE = "A document could not be fetched. Check the connection and try again.";
const PROBLEMS = 3;

/**
 * @param {number} milliseconds
 * @param {string} [what] what was stopped
 */
export function late(milliseconds, what = "comparison") {
  const seconds = milliseconds / 1000;
  const time = seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `Stopped: the ${what} took longer than ${time}.`;
}

/**
 * The first errors of documents that cannot be read.
 * @param {Unread[]} found
 */
export function unread(found) {
  return found
    .map(({ name, problems }) => {
      const said = problems.slice(0, PROBLEMS).map(({ line, message }) => (line ? `line ${line}: ${message}` : message));
      const more = problems.length - PROBLEMS;
      return `The ${name} cannot be read: ${said.join("; ")}${more > 0 ? `; and ${more} more` : ""}.`;
    })
    .join(" ");
}

/**
 * @param {string} text
 * @param {() => void} press
 */
export function button(text, press) {
  const made = element("button", "pb-button", text);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}
