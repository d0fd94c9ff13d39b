import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'

/** Unpacks a zip file into a folder; its checksums have to be right. @returns the names in it */
export async function unzip(bytes: Uint8Array, folder: string): Promise<string[]> {
  const reader = new ZipReader(new Uint8ArrayReader(bytes), { checkSignature: true, useWebWorkers: false })
  const names: string[] = []
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue
    const file = path.join(folder, entry.filename)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, await entry.getData(new Uint8ArrayWriter()))
    names.push(entry.filename)
  }
  await reader.close()
  return names
}
