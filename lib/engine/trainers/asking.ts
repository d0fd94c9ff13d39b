/**
 * Keeps what a slow question was answered last.
 * @param isFailure answers that are asked again, for they may have been mended
 */
export function keepAsking<Answer>(question: () => Promise<Answer>, isFailure: (answer: Answer) => boolean) {
  let known: Promise<Answer> | null = null
  let last: Answer | null = null
  let pending: Promise<Answer> | null = null

  function begin(): Promise<Answer> {
    const asked = question().then((found) => {
      if (pending === asked) [last, pending] = [found, null]
      return found
    })
    known = pending = asked
    return asked
  }

  return {
    /** @param refresh where it matters what holds right now */
    async ask(refresh = false): Promise<Answer> {
      const found = await (refresh || known === null ? begin() : known)
      if (isFailure(found)) known = null
      return found
    },

    /**
     * What is known already; null while it is being asked, which this begins.
     * @param refresh forgets what is known; who is being asked is not asked twice
     */
    peek(refresh = false): Answer | null {
      if (refresh || last === null) {
        last = null
        if (pending === null) void begin()
      }
      return last
    },
  }
}
