// Opens what is folded around the element that the address points to.
import { pointedAt } from "./address.js";

/** Does so now, and when the address changes. */
export function setUpFolds() {
  addEventListener("hashchange", unfold);
  unfold();
}

function unfold() {
  const id = pointedAt();
  const target = id ? document.getElementById(id) : null;
  const closed = [...enclosingFolds(target)].filter((fold) => !fold.open);
  for (const fold of closed) fold.open = true;
  if (closed.length) target?.scrollIntoView();
}

/**
 * The element itself, if it is one, and those around it, from the inside out.
 * @param {HTMLElement | null} element
 * @returns {Generator<HTMLDetailsElement>}
 */
function* enclosingFolds(element) {
  for (let fold = element?.closest("details"); fold; fold = fold.parentElement?.closest("details"))
    yield fold;
}
