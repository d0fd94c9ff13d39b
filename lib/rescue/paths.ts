import { createHash } from 'node:crypto'
import type { ItemFacts } from '#lib/archive/schema.ts'
import type { ItemRecord } from '#lib/archive/store.ts'

/** What any disk takes as a name. */
const PLAIN = /^\w[\w.-]{0,98}\w$/

/** The letters, digits, dots and dashes of a file name: its end, which says what it is. */
const fileName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}_.-]+/gu, '-')
    .slice(-80)
    .replace(/^[-.]+|(?<!\.)\.+$/g, '') || 'content'

/** A provider's id as a name on disk: it leads nowhere else, and two of them stay apart. */
export function safeName(id: string): string {
  if (PLAIN.test(id)) return id
  const plain = id
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(0, 80)
  return `${plain || 'item'}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`
}

export const jobFolder = (remoteId: string): string => `jobs/${safeName(remoteId)}`

/** Where the parts of an item stand in the exported file. */
export function pathsOf(item: ItemRecord, facts: ItemFacts, parts: number): string[] {
  const name = safeName(item.remote_id)
  switch (item.kind) {
    case 'job':
      return [`${jobFolder(item.remote_id)}/job.json`]
    case 'file':
      return [`files/${name}.json`, `files/${name}/${fileName(facts.filename ?? '')}`]
    case 'model':
      return [`models/${name}.json`]
    default: {
      const folder = item.kind === 'list' ? `lists/${name}` : `${jobFolder(item.remote_id)}/${item.kind}`
      return Array.from({ length: parts }, (_, place) => `${folder}/page-${place + 1}.json`)
    }
  }
}
