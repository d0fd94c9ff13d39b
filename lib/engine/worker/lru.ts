/** A map that forgets what was not used for longest. */
export interface Recent<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): Value
  delete(key: string): void
  keys(): string[]
}

/** @param onEvict called with what is forgotten for lack of room */
export function createRecent<Value>(
  limit: number,
  onEvict: (value: Value, key: string) => void = () => {},
): Recent<Value> {
  const entries = new Map<string, Value>() // a Map remembers the order of insertion
  const set = (key: string, value: Value): Value => {
    entries.delete(key)
    entries.set(key, value)
    const [oldest] = entries
    if (entries.size > limit && oldest) {
      entries.delete(oldest[0])
      onEvict(oldest[1], oldest[0])
    }
    return value
  }
  return {
    set,
    get: (key) => {
      const value = entries.get(key)
      return value === undefined ? undefined : set(key, value)
    },
    delete: (key) => void entries.delete(key),
    keys: () => [...entries.keys()],
  }
}
