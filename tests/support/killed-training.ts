/** Kills training processes at random moments, and looks whether they end with the bits of one that was left alone. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom } from '#lib/core/random.ts'
import { weightsHash } from '#lib/engine/model/model-folder.ts'
import type { TrainOrder } from '#lib/engine/worker/protocol.ts'
import { writeByteModel } from '../engine/model/small-model.ts'

const WORKER = fileURLToPath(new URL('../../lib/engine/worker/main.ts', import.meta.url))

const EPOCHS = 4
const WORDS = ['one', 'two', 'three', 'four', 'five', 'six']
const LAST = EPOCHS * WORDS.length

const user = (content: string) => ({ role: 'user', content })
const assistant = (content: string) => ({ role: 'assistant', content })

const chat = (word: string, index: number) => ({
  messages: [user(word), assistant(`${word} is ${index + 1}`)],
})
const pair = (word: string, index: number) => ({
  input: { messages: [user(word)] },
  preferred_output: [assistant(`${word} is ${index + 1}`)],
  non_preferred_output: [assistant(`I like ${word}`)],
})

const KINDS = [
  { name: 'full', method: 'full', file: 'chats.jsonl', preference: null },
  { name: 'adapter', method: 'lora', file: 'chats.jsonl', preference: null },
  { name: 'preference', method: 'lora', file: 'pairs.jsonl', preference: { beta: 0.3 } },
] as const

/** @returns the exit code, null after a kill, and the ms that the process lived */
async function trainOnce(order: TrainOrder, killAfter: number | null) {
  const began = performance.now()
  const worker = fork(WORKER, ['train'], { serialization: 'advanced' })
  const exit = once(worker, 'exit')
  worker.send(order)
  const timer = killAfter === null ? undefined : setTimeout(() => worker.kill('SIGKILL'), killAfter)
  const [code] = (await exit) as [number | null]
  clearTimeout(timer)
  return { code, lived: performance.now() - began }
}

/**
 * Trains small models again and again until `kills` of their processes were killed, at moments spread over the whole life
 * of a process that is left alone.
 * @returns the names of the trainings that ended with other weights; how many trainings came to their end
 */
export async function killTraining(kills: number, seed: number) {
  const random = createRandom(seed)
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-killed-'))
  const inside = (name: string) => path.join(folder, name)
  writeByteModel(inside('base'), 3)
  const lines = (of: (word: string, index: number) => unknown) =>
    WORDS.map((word, index) => JSON.stringify(of(word, index))).join('\n')
  writeFileSync(inside('chats.jsonl'), lines(chat))
  writeFileSync(inside('pairs.jsonl'), lines(pair))

  const orders = KINDS.map(({ name, file, method, preference }) => ({
    name,
    order: (run: string): TrainOrder => ({
      ...{ kind: 'train', base: inside('base'), folder: inside(run), method, preference },
      ...{ training: inside(file), validation: inside(file), epochs: EPOCHS, batchSize: 1 },
      ...{ learningRate: 1e-2, patience: null, weightDecay: 0.1, seed: 7, date: 0, threads: 1 },
      memoryLimit: null,
    }),
  }))
  const final = (run: string) => weightsHash(path.join(inside(run), `checkpoint-${LAST}`))

  try {
    const straight = new Map<string, { hash: string; lived: number }>()
    for (const { name, order } of orders) {
      const { lived } = await trainOnce(order(`${name}-straight`), null)
      straight.set(name, { hash: await final(`${name}-straight`), lived })
    }
    const wrong: string[] = []
    let [killed, ended] = [0, 0]
    while (killed < kills) {
      const { name, order } = orders[ended % orders.length] as (typeof orders)[number]
      const { hash, lived } = straight.get(name) as { hash: string; lived: number }
      const run = `${name}-${ended}`
      for (;;) {
        const { code } = await trainOnce(order(run), killed < kills ? random() * lived : null)
        if (code !== null) break
        killed++
      }
      if ((await final(run)) !== hash) wrong.push(run)
      rmSync(inside(run), { recursive: true })
      ended++
    }
    return { wrong, killed, ended }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
