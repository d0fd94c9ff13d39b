import type { ReactNode } from 'react'

/** One choice of a Select or Combobox. */
export interface Option<Value extends string = string> {
  value: Value
  label: string
  /** Quiet text at the end of the row: a size, a state. */
  detail?: ReactNode
  group?: string
  disabled?: boolean
}

/** Options under their headings, in order of first mention; those without a group come as one nameless group. */
export function grouped<Value extends string>(options: readonly Option<Value>[]) {
  const groups = new Map<string, Option<Value>[]>()
  for (const option of options) {
    const key = option.group ?? ''
    groups.set(key, [...(groups.get(key) ?? []), option])
  }
  return [...groups].map(([label, items]) => ({ label, items }))
}
