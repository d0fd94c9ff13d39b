const hasLeft = (thrown: unknown): boolean => thrown instanceof DOMException && thrown.name === 'AbortError'

/**
 * Keeps the last few answers to the same question, also while they are being worked out. Who waits for work that
 * another one began, and then gave up, begins it anew.
 */
export function remember<Answer>(most: number) {
  const known = new Map<string, Promise<Answer>>()
  const ask = (key: string, work: () => Promise<Answer>): Promise<Answer> => {
    const answer = known.get(key) ?? work()
    known.delete(key)
    known.set(key, answer)
    answer.catch(() => known.get(key) === answer && known.delete(key))
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
