import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs'
import path from 'node:path'

function sync(name: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(name, flags)
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/** Gives a whole file its final name; it survives a power cut from then on. */
export function publish(temporary: string, file: string): void {
  sync(temporary, 'r+')
  renameSync(temporary, file)
  // Windows opens no folder; its file system journals the entry itself.
  if (process.platform !== 'win32') sync(path.dirname(file), 'r')
}
