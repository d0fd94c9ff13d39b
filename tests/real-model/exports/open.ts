/**
 * Opens the GGUF files of make.ts with llama.cpp, and the adapters of open.py with the engine.
 * Usage: node tests/real-model/exports/open.ts BASE OUT LLAMA, where LLAMA is a folder with node-llama-cpp in its node_modules
 */
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { addAdapters } from '#lib/engine/adapter-folders.ts'
import { readBases } from '#lib/engine/base-models.ts'
import { createDecoder, emptyCache, openDecodingSession } from '#lib/engine/model/decoder.ts'
import { readModel } from '#lib/engine/model/model-folder.ts'

interface Case {
  prompt: number[]
  logits: number[]
  greedy: number[]
}

/** The part of node-llama-cpp that is used here. */
interface Sequence {
  clearHistory(): Promise<void>
  controlledEvaluate(
    input: (number | [number, object])[],
  ): Promise<({ next: { logits: Map<number, number> } } | undefined)[]>
}

const [base = '', out = '', llama = ''] = parseArgs({ allowPositionals: true }).positionals

/** The largest difference of two lists of logits, relative to the largest logit, that a file of this type may have. */
const bounds = { F16: 5e-3, Q8_0: 0.1, import: 1e-4 }
const failures: string[] = []

function relative(found: ArrayLike<number>, expected: readonly number[]): number {
  const most = Math.max(...expected.map(Math.abs))
  return Math.max(...expected.map((value, index) => Math.abs((found[index] as number) - value))) / most
}

function check(name: string, difference: number, bound: number, more = ''): void {
  console.log(`${name}: logits within ${difference.toExponential(1)}${more}`)
  if (!(difference <= bound)) failures.push(name)
}

async function logitsAfter(sequence: Sequence, tokens: readonly number[]): Promise<Map<number, number>> {
  const last: [number, object] = [tokens.at(-1) as number, { generateNext: { logits: true } }]
  const results = await sequence.controlledEvaluate([...tokens.slice(0, -1), last])
  const logits = results.at(-1)?.next.logits
  if (!logits) throw new Error('llama.cpp gave no logits')
  return logits
}

async function openGguf(file: string): Promise<void> {
  const cases: Case[] = JSON.parse(readFileSync(path.join(out, 'expected.json'), 'utf8'))
  const index = path.join(path.resolve(llama), 'node_modules/node-llama-cpp/dist/index.js')
  const { getLlama } = await import(pathToFileURL(index).href)
  const engine = await getLlama({ gpu: false, build: 'never', logLevel: 'error' })
  const model = await engine.loadModel({ modelPath: file })
  const context = await model.createContext({ contextSize: 512, threads: 1 })
  const sequence: Sequence = context.getSequence()
  const type = file.endsWith('-F16.gguf') ? 'F16' : 'Q8_0'
  for (const { prompt, logits, greedy } of cases) {
    await sequence.clearHistory()
    let next = await logitsAfter(sequence, prompt)
    const found = logits.map((_, token) => next.get(token) ?? Number.NaN)
    let same = 0
    // After each token of the engine's answer, whether llama.cpp would go on with the same.
    for (const token of greedy) {
      if (next.keys().next().value === token) same += 1
      next = await logitsAfter(sequence, [token])
    }
    const difference = relative(found, logits)
    check(type, difference, bounds[type], `, the likeliest token is the same for ${same} of ${greedy.length}`)
    if (type === 'F16' && same < greedy.length) failures.push('F16, greedy')
  }
  await model.dispose()
}

/** Its adapters beside a link to the base, as somebody would lay them into LIMERICK_MODELS. */
async function importAdapters(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'limerick-exports-'))
  const made = path.resolve(out, 'made')
  await symlink(path.resolve(base), path.join(folder, path.basename(base)))
  for (const name of readdirSync(made)) await symlink(path.join(made, name), path.join(folder, name))
  const bases = readBases([folder])
  await addAdapters(bases, [folder], path.join(folder, '.kept'))
  for (const name of readdirSync(made)) {
    const kept = bases.usable.find((each) => each.name === name)
    if (!kept) throw new Error(bases.unusable.map(({ name, reason }) => `${name}: ${reason}`).join('; '))
    const model = await readModel(kept.folder)
    const decoder = createDecoder(model, await openDecodingSession(model, 2))
    const cases: Case[] = JSON.parse(readFileSync(path.join(made, name, 'expected.json'), 'utf8'))
    for (const { prompt, logits } of cases) {
      const found = await decoder.read(prompt, emptyCache(model.architecture, prompt.length))
      check(`import of ${name}`, relative(found, logits), bounds.import)
    }
  }
  await rm(folder, { recursive: true })
}

for (const file of globSync(path.join(path.resolve(out), '*', '*.gguf'))) await openGguf(file)
await importAdapters()
console.log('failed:', failures.length > 0 ? failures.join(', ') : 'nothing')
process.exit(failures.length > 0 ? 1 : 0)
