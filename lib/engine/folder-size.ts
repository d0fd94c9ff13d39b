import { lstatSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** Bytes of the files of a folder; what it only links to is not its own. 0 for a folder that is not there. */
export function folderSize(folder: string): number {
  try {
    return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const inner = path.join(folder, entry.name)
      if (entry.isDirectory()) return sum + folderSize(inner)
      return entry.isFile() ? sum + lstatSync(inner).size : sum
    }, 0)
  } catch {
    // Deleted meanwhile.
    return 0
  }
}
