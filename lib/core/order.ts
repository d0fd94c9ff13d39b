type Key = string | number | null

/** For `toSorted`: by a key, upwards with a sign of 1 and downwards with -1; what has no key comes last either way. */
export const byKey =
  <Entry>(keyOf: (entry: Entry) => Key, sign: 1 | -1) =>
  (a: Entry, b: Entry): number => {
    const [left, right] = [keyOf(a), keyOf(b)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    return sign * (left < right ? -1 : left > right ? 1 : 0)
  }
