import path from 'node:path'
import { statOf } from './base-models.ts'

/** Of a model's folder; the folder itself changes when one of its files is replaced. */
const WATCHED = [
  '.',
  'config.json',
  'generation_config.json',
  'model.safetensors',
  'adapter_model.safetensors',
]

const stampOf = (folder: string): string =>
  WATCHED.map((name) => {
    const found = statOf(path.join(folder, name))
    return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : ''
  }).join()

/** Facts of model folders, each read once until its files change: a linked folder is its owner's to change. */
export function folderCache<Fact>(read: (folder: string) => Fact) {
  const known = new Map<string, { stamp: string; fact: Fact }>()
  return {
    of(folder: string): Fact {
      const stamp = stampOf(folder)
      const found = known.get(folder)
      if (found?.stamp === stamp) return found.fact
      const fact = read(folder)
      known.set(folder, { stamp, fact })
      return fact
    },
    forget: (folder: string): void => void known.delete(folder),
  }
}
