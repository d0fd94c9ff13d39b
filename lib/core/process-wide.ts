/**
 * One object for the whole process. The launcher and Next's bundles share a process but not modules: each of them has its
 * own copy of a module's variables, and all of them have the same `globalThis`.
 * @param name unique in the process
 * @param create makes the object where nobody has asked for it before
 */
export function processWide<Value extends object>(name: string, create: () => Value): Value {
  const shelf = globalThis as unknown as Record<symbol, Value | undefined>
  const key = Symbol.for(`limerick.${name}`)
  const kept = shelf[key] ?? create()
  shelf[key] = kept
  return kept
}
