const isAbort = (thrown: unknown): boolean => thrown instanceof DOMException && thrown.name === 'AbortError'

/**
 * Caches the last few results by key, and shares work in progress. When the caller that started the work aborts it, a
 * waiting caller starts it again.
 * @param most results kept
 * @param lasts whether a result may be cached
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
        if (!begun || !isAbort(thrown)) throw thrown
      }
    }
  }
}
