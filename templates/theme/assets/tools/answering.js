// The worker's side of asking.js: answers questions, each by a function of its name.

/**
 * @param {Record<string, (question: any) => unknown>} answers by the question's `ask`
 */
export function answerWith(answers) {
  self.addEventListener("message", async ({ data }) => {
    try {
      self.postMessage({ id: data.id, answer: await answers[data.ask](data) });
    } catch (error) {
      self.postMessage({ id: data.id, error: error instanceof Error ? error.message : String(error) });
    }
  });
}
