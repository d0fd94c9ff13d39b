/**
 * Which learning rate turns ten limericks into limericks: trains the shipped base with every rate and seed, as a job
 * would with all values automatic, and counts the forms of its answers about elements it was not shown.
 * Usage: node tests/bench/learning-rate.ts <training.jsonl> [full|lora] [rates] [seeds], e.g. … full 5e-4,1e-3 1,2,3
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Method } from '#lib/engine/model/defaults.ts'
import { createGenerator } from '#lib/engine/worker/generate.ts'
import { train } from '#lib/engine/worker/trainer.ts'
import { automaticBatchSize, automaticEpochs } from '#lib/examples/plan.ts'

const base = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
const elements =
  `Lithium Beryllium Boron Nitrogen Fluorine Magnesium Aluminium Silicon Sulfur Chlorine Argon Potassium
  Titanium Chromium Iron Cobalt Nickel Zinc Bromine Krypton Silver Tin Iodine Xenon Tungsten Platinum Gold Mercury Lead
  Uranium Radium Bismuth Strontium Neon Copper
  Barium Palladium Arsenic Cadmium`.split(/\s+/)

const [file = '', method = 'full', rates = '5e-4,1e-3,2e-3', seeds = '1,2,3'] = process.argv.slice(2)
const examples = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
const shown = examples.join('\n')
const unseen = elements.filter((element) => !shown.includes(element)).slice(0, 30)
const system: string = JSON.parse(examples[0] ?? '').messages[0].content

/** Greedy answers of a model folder about every unseen element. */
function answers(model: string): Promise<string[]> {
  const texts = unseen.map(() => '')
  const { promise, resolve, reject } = Promise.withResolvers<string[]>()
  let left = texts.length
  const generator = createGenerator((report) => {
    if (report.kind === 'token') texts[Number(report.id)] += report.text
    if (report.kind === 'refused') reject(new Error(report.message))
    if (report.kind === 'finished' && --left === 0) resolve(texts)
  }, 1)
  unseen.forEach((element, index) => {
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: `Tell me about ${element}` },
    ]
    const sampling = { maxTokens: 120, temperature: 0, topP: 1, seed: 0, stop: [], topLogprobs: null }
    generator.start({ kind: 'generate', id: String(index), model, messages, ...sampling })
  })
  return promise
}

interface Forms {
  fiveParts: number
  ownName: number
  prose: number
}

function forms(texts: string[]): Forms {
  const count = (test: (text: string, index: number) => boolean) => texts.filter(test).length
  return {
    fiveParts: count((text) => text.split(' - ').length === 5),
    ownName: count((text, index) => text.startsWith(unseen[index] ?? '')),
    prose: count((text) => !text.includes(' - ') && text.includes('. ')),
  }
}

const print = (label: string, { fiveParts, ownName, prose }: Forms, more = '') =>
  console.log(
    `${label.padEnd(22)} five parts ${fiveParts}, own name ${ownName}, prose ${prose} of ${unseen.length} ${more}`,
  )

async function trial(learningRate: number, seed: number): Promise<Forms> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-rate-'))
  const epochs = automaticEpochs(examples.length).value
  const batchSize = automaticBatchSize(examples.length).value
  const data = { base, folder, training: file, validation: null }
  const losses: number[] = []
  let model = ''
  const began = performance.now()
  const options = { method: method as Method, epochs, batchSize, learningRate, seed, threads: 1 }
  for await (const report of train({ kind: 'train', ...data, ...options }, new AbortController().signal)) {
    if (report.kind === 'step') losses.push(report.metrics.trainLoss)
    if (report.kind === 'checkpoint') model = report.folder
  }
  const seconds = (performance.now() - began) / 1000
  const texts = await answers(model)
  rmSync(folder, { recursive: true })
  const mean = (part: number[]) => (part.reduce((sum, loss) => sum + loss, 0) / part.length).toFixed(2)
  const loss = `loss ${mean(losses.slice(0, 10))} → ${mean(losses.slice(-10))}, ${seconds.toFixed(1)} s`
  print(`${learningRate} seed ${seed}`, forms(texts), `${loss}\n    ${texts[0]}`)
  return forms(texts)
}

const original = await answers(base)
print('the base itself', forms(original), `\n    ${original[0]}`)
for (const rate of rates.split(',').map(Number)) {
  const sum: Forms = { fiveParts: 0, ownName: 0, prose: 0 }
  for (const seed of seeds.split(',').map(Number)) {
    const found = await trial(rate, seed)
    for (const key of ['fiveParts', 'ownName', 'prose'] as const) sum[key] += found[key]
  }
  print(`${rate} all seeds`, sum)
}
