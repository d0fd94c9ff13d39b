import type { LucideIcon } from 'lucide-react'
import type { Locale } from '#lib/i18n/locale.ts'

/** A row of the palette: it leads somewhere, or does something. */
export type Entry = {
  /** Unique among all entries. */
  id: string
  label: string
  /** What distinguishes it from others of its name. */
  detail?: string
  icon?: LucideIcon
  /** Names and ids are shown from left to right. */
  isCode?: boolean
} & (
  | { kind: 'link'; href: string }
  | { kind: 'rule' }
  | { kind: 'keys' }
  | { kind: 'theme'; theme: string }
  | { kind: 'locale'; locale: Locale }
)

export interface EntryGroup {
  label: string
  items: Entry[]
}

/** Entries of a group while nothing is typed. */
const FIRST = 5

/** Most entries of a group. */
const MOST = 30

/**
 * Entries in which every typed word occurs, in their label, detail or id; without a word the first few of each group.
 * Groups without an entry are left out.
 */
export function entriesFor(groups: readonly EntryGroup[], typed: string): EntryGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const matches = ({ label, detail = '', id }: Entry) => {
    const text = `${label} ${detail} ${id}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
  const shown = words.length === 0 ? FIRST : MOST
  return groups
    .map(({ label, items }) => ({ label, items: items.filter(matches).slice(0, shown) }))
    .filter(({ items }) => items.length > 0)
}
