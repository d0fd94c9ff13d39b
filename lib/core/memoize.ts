const hasLeft = (thrown: unknown): boolean => thrown instanceof DOMException && thrown.name === 'AbortError'

/**
 * Keeps the last few answers to the same question, also while they are being worked out. Who waits for work that
 * another one began, and then gave up, begins it anew.
 * @param lasts whether an answer is still the answer when it is asked for again
 */
export function memoize<Answer>(most: number, lasts: (answer: Answer) => boolean = () => true) {
  const known = new Map<string, Promise<Answer>>()
  const ask = (key: string, work: () => Promise<Answer>): Promise<Answer> => {
    const answer = known.get(key) ?? work()
    known.delete(key)
    known.set(key, answer)
    const forget = () => known.get(key) === answer && known.delete(key)
    answer.then((found) => lasts(found) || forget(), forget)
    const [oldest] = known.keys()
    if (known.size > most && oldest !== undefined) known.delete(oldest)
    return answer
  }
  return async (key: string, work: () => Promise<Answer>): Promise<Answer> => {
    for (;;) {
      const begun = known.has(key)
      try {
        return await ask(key, work)
      } catch (thrown) {
        if (!begun || !hasLeft(thrown)) throw thrown
      }
    }
  }
}
