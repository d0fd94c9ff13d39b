import { isRecord } from './rule.ts'

/** Inside a JSON schema a null says something. */
const OPAQUE: ReadonlySet<string> = new Set(['parameters'])
/** Keys that providers write as null themselves. */
const USUAL: ReadonlySet<string> = new Set(['content', 'refusal', 'strict'])

/** A value without the keys that are null, which mean the same when they are absent. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isRecord(value)) return value
  const kept = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(kept.map(([key, inner]) => [key, OPAQUE.has(key) ? inner : withoutNulls(inner)]))
}

type Path = (string | number)[]

/** Paths of the keys that are null. */
function nullPaths(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => nullPaths(inner, [...path, index]))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    if (inner === null) return [[...path, key]]
    return OPAQUE.has(key) ? [] : nullPaths(inner, [...path, key])
  })
}

/** Whether a value has a key that says nothing: `emptyKeys` lists them. */
export function hasEmptyKeys(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasEmptyKeys)
  if (!isRecord(value)) return false
  return Object.keys(value).some((key) =>
    value[key] === null ? !USUAL.has(key) : !OPAQUE.has(key) && hasEmptyKeys(value[key]),
  )
}

/** The keys of a line that say nothing; none where every one of them is null as providers write it. */
export function emptyKeys(text: string): Path[] {
  if (!text.includes('null')) return []
  const paths = nullPaths(JSON.parse(text))
  return paths.every((path) => USUAL.has(String(path.at(-1)))) ? [] : paths
}
