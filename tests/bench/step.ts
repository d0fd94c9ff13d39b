/**
 * One training step of the shipped base, or of a model folder: tokens per CPU-second and effective GFLOP/s, beside a bare 512³ Gemm of
 * ONNX Runtime in the same run (rounds interleaved, medians, one thread).
 * Usage: node tests/bench/step.ts [full|lora] [rows] [tokens] [rounds] [model folder]
 */
import { fileURLToPath } from 'node:url'
import { createRandom } from '#lib/core/random.ts'
import { type Architecture, weightShapes } from '#lib/engine/model/architecture.ts'
import type { Sample } from '#lib/engine/model/conversation.ts'
import { automaticLora } from '#lib/engine/model/defaults.ts'
import { initLora } from '#lib/engine/model/lora.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import { readModel } from '#lib/engine/model/model-folder.ts'
import { encodeModel } from '#lib/engine/model/onnx.ts'
import { prepareUpdates, update } from '#lib/engine/model/optimizer.ts'
import { floats, openSession } from '#lib/engine/model/session.ts'
import { elements } from '#lib/engine/model/tensors.ts'
import { openTrainStep, trainable } from '#lib/engine/model/train-step.ts'

const shipped = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
const [method = 'full', rowsText = '1', tokensText = '112', roundsText = '40', base = shipped] =
  process.argv.slice(2)
const rows = Number(rowsText)
const tokens = Number(tokensText)
const GEMM = 512

/** Multiplications and additions of one step: forward, and (but for frozen weights) twice as many backward. */
function stepFlops(a: Architecture, frozen: boolean): number {
  const matrices = weightShapes(a).filter(([name, shape]) => shape.length === 2 && !name.includes('embed'))
  const weights = matrices.reduce((sum, [, shape]) => sum + elements(shape), 0) + a.vocabulary * a.hidden
  const attention = a.layers * 2 * a.heads * tokens * a.headDim // two products per token
  return 2 * rows * tokens * (weights * (frozen ? 2 : 3) + attention * 3)
}

function samples(a: Architecture): Sample[] {
  const random = createRandom(3)
  return Array.from({ length: rows }, () => ({
    ids: Array.from({ length: tokens + 1 }, () => Math.floor(random() * a.vocabulary)),
    weights: new Array(tokens + 1).fill(1),
  }))
}

async function bareGemm() {
  const shape = [GEMM, GEMM]
  const value = (name: string) => ({ name, dtype: 'float' as const, shape })
  const node = { op: 'Gemm', inputs: ['a', 'b'], outputs: ['c'], attributes: {}, domain: '' }
  const model = { nodes: [node], inputs: [value('a'), value('b')], outputs: [value('c')], constants: [] }
  const session = await openSession(encodeModel(model), 1)
  const matrix = () => floats(new Float32Array(GEMM * GEMM).fill(0.5), shape)
  const [a, b, c] = [matrix(), matrix(), matrix()]
  return () => session.run({ a, b }, { c })
}

/** Process time of a call in ms: other jobs on the machine do not count. */
async function cpuTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const median = (values: number[]): number => values.toSorted((x, y) => x - y)[values.length >> 1] ?? 0

const architecture = readModelConfig(base)
const { weights } = await readModel(base)
const lora = method === 'lora' ? automaticLora : null
const start = lora ? initLora(architecture, lora, 1) : weights
const { parameters, gradients, optimizer } = prepareUpdates(start)
const model = { architecture, ...trainable(weights, lora, parameters) }
const trainStep = openTrainStep(model, 1, undefined, gradients)
const batch = samples(architecture)
const gemm = await bareGemm()

const times = { learn: [] as number[], update: [] as number[], gemm: [] as number[] }
for (let round = -3; round < Number(roundsText); round++) {
  let found: Awaited<ReturnType<typeof trainStep.forwardBackward>> | undefined
  const learn = await cpuTime(async () => {
    found = await trainStep.forwardBackward(batch)
  })
  const adamw = await cpuTime(
    async () => found?.gradients && update(parameters, found.gradients, optimizer, { learningRate: 1e-4 }),
  )
  const bare = await cpuTime(async () => {
    for (let i = 0; i < 8; i++) await gemm()
  })
  if (round < 0) continue // warming up
  times.learn.push(learn)
  times.update.push(adamw)
  times.gemm.push(bare / 8)
}

const step = median(times.learn) + median(times.update)
const gemmGflops = (2 * GEMM ** 3) / median(times.gemm) / 1e6
const stepGflops = stepFlops(architecture, lora !== null) / median(times.learn) / 1e6
console.log(`model            ${method}, ${rows} × ${tokens} tokens, one thread`)
console.log(`step             ${step.toFixed(1)} CPU-ms (of it AdamW ${median(times.update).toFixed(1)})`)
console.log(`tokens           ${((rows * tokens * 1000) / step).toFixed(0)} per CPU-second`)
console.log(`arithmetic       ${stepGflops.toFixed(1)} GFLOP/s forward and backward`)
console.log(
  `bare Gemm 512³   ${gemmGflops.toFixed(1)} GFLOP/s, so the step runs at ${(stepGflops / gemmGflops).toFixed(2)} of it`,
)
console.log(`memory           ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`)
