// Texts that are too long for the page.
import { number } from "../words.js";

/**
 * @param {number} length
 * @param {number} most
 */
export function tooLong(length, most) {
  return `${number(length)} characters, expected at most ${number(most)}.`;
}

/**
 * A text that is too long does not get into the field, which would be slow.
 * @param {HTMLTextAreaElement} field
 * @param {number} most
 * @param {(text: string) => void} say
 */
export function refuseTooLong(field, most, say) {
  field.addEventListener("paste", (event) => {
    const { length } = event.clipboardData?.getData("text") ?? "";
    if (length <= most) return;
    event.preventDefault();
    say(tooLong(length, most));
  });
}
