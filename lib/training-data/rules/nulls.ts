import { isRecord } from '../is-record.ts'

/** Keys with a JSON schema, where null has a meaning. */
const OPAQUE: ReadonlySet<string> = new Set(['parameters'])
/** Keys that providers themselves write as null. */
const USUAL: ReadonlySet<string> = new Set(['content', 'refusal', 'strict'])

/** A value without its null keys, which mean the same as absent ones. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isRecord(value)) return value
  const kept = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(kept.map(([key, inner]) => [key, OPAQUE.has(key) ? inner : withoutNulls(inner)]))
}

type Path = (string | number)[]

function nullPaths(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => nullPaths(inner, [...path, index]))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    if (inner === null) return [[...path, key]]
    return OPAQUE.has(key) ? [] : nullPaths(inner, [...path, key])
  })
}

/** Whether a value has a null key that no provider writes: `emptyKeys` lists them. */
export function hasEmptyKeys(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasEmptyKeys)
  if (!isRecord(value)) return false
  return Object.keys(value).some((key) =>
    value[key] === null ? !USUAL.has(key) : !OPAQUE.has(key) && hasEmptyKeys(value[key]),
  )
}

/** Paths of a line's null keys; empty if all of them are nulls that providers write. */
export function emptyKeys(text: string): Path[] {
  if (!text.includes('null')) return []
  const paths = nullPaths(JSON.parse(text))
  return paths.every((path) => USUAL.has(String(path.at(-1)))) ? [] : paths
}
