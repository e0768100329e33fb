// Key paths as texts: `Statement[0].Action[2]`.

/**
 * @param {readonly (string | number)[]} path
 */
export function dotted(path) {
  return path.map((step, n) => (typeof step === "number" ? `[${step}]` : n ? `.${step}` : step)).join("");
}
