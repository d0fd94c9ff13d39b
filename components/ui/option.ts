import type { ReactNode } from 'react'

export interface Option<Value extends string = string> {
  value: Value
  label: string
  /** Secondary text at the end of the row, such as a size or a state. */
  detail?: ReactNode
  group?: string
  disabled?: boolean
  /** Text besides the label by which a search finds it. */
  search?: string
}

/** Options grouped under their headings, in order of first mention; options without a group form one unnamed group. */
export function grouped<Value extends string>(options: readonly Option<Value>[]) {
  const groups = new Map<string, Option<Value>[]>()
  for (const option of options) {
    const key = option.group ?? ''
    groups.set(key, [...(groups.get(key) ?? []), option])
  }
  return [...groups].map(([label, items]) => ({ label, items }))
}
