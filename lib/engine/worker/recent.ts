/** A map that forgets what was not used for longest. */
export interface Recent<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): Value
  delete(key: string): void
}

export function createRecent<Value>(limit: number): Recent<Value> {
  const entries = new Map<string, Value>() // a Map remembers the order of insertion
  const set = (key: string, value: Value): Value => {
    entries.delete(key)
    entries.set(key, value)
    const [oldest] = entries.keys()
    if (entries.size > limit && oldest !== undefined) entries.delete(oldest)
    return value
  }
  return {
    set,
    get: (key) => {
      const value = entries.get(key)
      return value === undefined ? undefined : set(key, value)
    },
    delete: (key) => void entries.delete(key),
  }
}
