/**
 * One object for the whole process. The launcher and Next's bundles share a process but not modules: each has its own copy
 * of a module's variables, and all share `globalThis`.
 * @param name unique in the process
 * @param create called once, on first use
 */
export function processWide<Value extends object>(name: string, create: () => Value): Value {
  const globals = globalThis as unknown as Record<symbol, Value | undefined>
  const key = Symbol.for(`limerick.${name}`)
  const value = globals[key] ?? create()
  globals[key] = value
  return value
}
