// A rectangle of a plot.
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} style what its colour says, such as "widened"
 * @param {Record<string, number>} box
 */
export function rect(style, box) {
  const made = document.createElementNS(SVG, "rect");
  made.setAttribute("class", `pb-fill--${style}`);
  made.setAttribute("data-v", style);
  for (const [name, value] of Object.entries(box)) made.setAttribute(name, String(value));
  return made;
}
