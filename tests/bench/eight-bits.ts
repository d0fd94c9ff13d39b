/**
 * What weights of 8 bits change: loss per learnt token of the lesson's fifteen rows, and how often the likeliest token is
 * the same, beside float32.
 * Usage: node --conditions=react-server tests/bench/eight-bits.ts FOLDER [BASE FOLDER, for an adapter]
 */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  createDecoder,
  createQuantisedDecoder,
  type Decoder,
  emptyCache,
  openDecodingSession,
  openQuantised,
} from '#lib/engine/model/decoder.ts'
import { readModel } from '#lib/engine/model/model-folder.ts'
import { quantise } from '#lib/engine/model/quantise.ts'
import { logProbabilities } from '#lib/engine/model/sampler.ts'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import { readSamples } from '#lib/engine/worker/rows.ts'
import { elleHeldOut, elleTraining } from '../support/elle.ts'

const [folder = '', base = folder] = process.argv.slice(2)
const baseModel = await readModel(base, async () => new Map())
const model = await readModel(folder, async () => baseModel?.weights ?? new Map())
if (!baseModel || !model) throw new Error('There is no model in the folder.')
const { architecture } = baseModel
const file = path.join(tmpdir(), `limerick-eight-bits-${process.pid}.jsonl`)
writeFileSync(file, elleTraining() + elleHeldOut())
const reading = { tokenizer: readTokenizer(base), context: architecture.context, date: new Date(0) }
const samples = (await readSamples(file, reading)).flat()

/** log p of every token of the vocabulary in place of each learnt token, and the token itself. */
async function read(decoder: Decoder): Promise<{ log: Float64Array; token: number }[]> {
  const found: { log: Float64Array; token: number }[] = []
  for (const { ids, weights } of samples) {
    const cache = emptyCache(architecture, ids.length)
    for (let at = 1; at < ids.length; at++) {
      if (!weights[at]) continue
      const before = Array.from(ids).slice(cache.lengths[0], at)
      found.push({
        log: logProbabilities(await decoder.read(before, cache)),
        token: ids[at] as number,
      })
    }
  }
  return found
}

const exact = await read(createDecoder(model, await openDecodingSession(model, 2)))
const quantised = await openQuantised(architecture, quantise(architecture, baseModel.weights), {
  threads: 2,
  adaptable: model.adapter !== null,
})
const rounded = await read(createQuantisedDecoder(quantised, model.adapter))
const mean = (of: (log: Float64Array, at: number) => number, tokens = exact) =>
  tokens.reduce((sum, { log }, at) => sum + of(log, at), 0) / exact.length
const loss = (log: Float64Array, at: number) => -(log[exact[at]?.token ?? 0] as number)
const likeliest = (log: Float64Array) => log.indexOf(Math.max(...log))
const other = (at: number) => rounded[at]?.log as Float64Array
const same = mean((log, at) => Number(likeliest(log) === likeliest(other(at))))
// Kullback and Leibler 1951, in nats.
const divergence = mean((log, at) =>
  log.reduce((sum, value, id) => sum + Math.exp(value) * (value - (other(at)[id] as number)), 0),
)
console.log(
  `${exact.length} learnt tokens: loss ${mean(loss).toFixed(4)} in float32, ${mean(loss, rounded).toFixed(4)} in 8 bits; the same likeliest token ${(100 * same).toFixed(1)} %; divergence ${divergence.toFixed(4)} nats`,
)
process.exit(0) // ONNX Runtime's threads are still there
