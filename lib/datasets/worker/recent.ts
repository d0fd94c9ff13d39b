/** Keeps the last few answers to the same question, also while they are being worked out. */
export function remember<Answer>(most: number) {
  const known = new Map<string, Promise<Answer>>()
  return (key: string, work: () => Promise<Answer>): Promise<Answer> => {
    const answer = known.get(key) ?? work()
    known.delete(key)
    known.set(key, answer)
    answer.catch(() => known.delete(key))
    const [oldest] = known.keys()
    if (known.size > most && oldest !== undefined) known.delete(oldest)
    return answer
  }
}
