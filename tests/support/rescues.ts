import { readdirSync } from 'node:fs'
import path from 'node:path'
import { itemsOf, partsOf } from '#lib/archive/store.ts'

/** What is here of a provider, without times: two rescues of one account end with the same. */
export async function snapshot(providerId: string): Promise<string[]> {
  const lines: string[] = []
  for (const item of await itemsOf(providerId)) {
    const parts = await partsOf(item.seq)
    const state = [item.saved_at === null ? 'absent' : 'saved', item.final, item.due, item.reason]
    lines.push([item.kind, item.remote_id, ...state, ...parts.map(({ sha256 }) => sha256)].join(' '))
  }
  return lines.sort()
}

export const archiveFiles = (dataFolder: string): string[] =>
  readdirSync(path.join(dataFolder, 'archive')).sort()
