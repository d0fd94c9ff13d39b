/**
 * Writes a model folder as one GGUF file for llama.cpp, Ollama and LM Studio.
 * Usage: npm run export -- FOLDER FILE.gguf [f16|q8_0]
 */
import path from 'node:path'
import { writeDurably } from '#lib/core/durable-file.ts'
import { withCauses } from '#lib/core/errors.ts'
import { ggufFile } from './gguf-model.ts'
import { openWeights } from './lazy-weights.ts'

const types = { f16: 'F16', q8_0: 'Q8_0' } as const
const isType = (text: string): text is keyof typeof types => Object.hasOwn(types, text)

async function exportModel(folder: string, file: string, type: keyof typeof types): Promise<void> {
  const { architecture, weights } = await openWeights(folder)
  const name = path.basename(path.resolve(folder))
  writeDurably(file, ggufFile({ name, folder, architecture, weights, type: types[type] }).chunks())
}

const [folder, file, type = 'q8_0'] = process.argv.slice(2)
if (!folder || !file || !isType(type)) {
  console.error('Usage: npm run export -- FOLDER FILE.gguf [f16|q8_0]')
  process.exitCode = 2
} else {
  await exportModel(folder, file, type).catch((thrown) => {
    console.error(withCauses(thrown))
    process.exitCode = 1
  })
}
