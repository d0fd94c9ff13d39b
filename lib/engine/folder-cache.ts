import path from 'node:path'
import { statOf } from './base-models.ts'
import { CHAT_TEMPLATE } from './model/tokenizer.ts'

const FACTS = ['config.json', 'generation_config.json', 'model.safetensors', 'adapter_model.safetensors']
const TOKENIZER = ['tokenizer.json', 'tokenizer_config.json', CHAT_TEMPLATE]

/** Changes with the named files of a folder, and when any of its files is replaced. */
const stampOf = (folder: string, names: readonly string[]): string =>
  ['.', ...names]
    .map((name) => statOf(path.join(folder, name)))
    .map((found) => (found ? `${found.mtimeMs} ${found.size} ${found.ino}` : ''))
    .join()

/** Changes with a model's tokenizer and chat template. */
export const tokenizerStamp = (folder: string): string => stampOf(folder, TOKENIZER)

/** Changes with a model's weights and settings. */
export const modelStamp = (folder: string): string => stampOf(folder, FACTS)

/** Facts of model folders, each read once until its files change: a linked folder is its owner's to change. */
export function folderCache<Fact>(read: (folder: string) => Fact) {
  const known = new Map<string, { stamp: string; fact: Fact }>()
  return {
    of(folder: string): Fact {
      const stamp = modelStamp(folder)
      const found = known.get(folder)
      if (found?.stamp === stamp) return found.fact
      const fact = read(folder)
      known.set(folder, { stamp, fact })
      return fact
    },
    forget: (folder: string): void => void known.delete(folder),
  }
}
