/** A checkpoint of a run becomes a model folder that the engine reads. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isWhole } from '#lib/engine/model/manifest.ts'
import { readModel, weightsHash } from '#lib/engine/model/model-folder.ts'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import { adoptCheckpoint, dropDeleted, withArguments } from '#lib/engine/trainers/adopt.ts'
import { limericks } from '#tests/support/engine.ts'

const shipped = fileURLToPath(new URL('../../../lib/engine/base', import.meta.url))
const fake = fileURLToPath(new URL('../../support/fake-trainer.ts', import.meta.url))

/** As that of a thinking model. */
const THINKING =
  '{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% if enable_thinking is defined and enable_thinking is false %}<think></think>{% endif %}{% endif %}'

let root: string
const inside = (...names: string[]) => path.join(root, ...names)

/** Trains a run of one epoch with the fake trainer. */
function run(name: string, spec: object): string {
  const folder = inside(name)
  mkdirSync(folder)
  writeFileSync(path.join(folder, 'train.jsonl'), `${limericks(2).join('\n')}\n`)
  const common = { contract: 'limerick.run/1', base: { folder: inside('base'), name: 'base' } }
  const order = { method: 'supervised', epochs: 1, batch_size: 2, learning_rate: 1, checkpoints: { keep: 3 } }
  writeFileSync(path.join(folder, 'spec.json'), JSON.stringify({ ...common, ...order, ...spec }))
  execFileSync(process.execPath, [fake, 'train', folder])
  return path.join(folder, 'checkpoint-1')
}

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'limerick-adopt-'))
  cpSync(shipped, inside('base'), { recursive: true })
  writeFileSync(inside('base', 'chat_template.jinja'), THINKING)
})
afterAll(() => rmSync(root, { recursive: true }))

const adopt = async (from: string, to: string, dtype: 'float32' | 'bf16' = 'float32') =>
  adoptCheckpoint({ from, to, base: inside('base'), baseHash: await weightsHash(inside('base')), dtype })

const prompt = (folder: string) =>
  readTokenizer(folder).template.render([{ role: 'user', content: 'Hi' }], {
    opened: true,
    date: new Date(0),
  })

test('an adapter, on the base by its path, with the template as it was trained with', async () => {
  const from = run('lora', { tuning: 'lora', lora: { r: 2, alpha: 4 } })
  writeFileSync(path.join(from, 'limerick.json'), '{"template_kwargs":{"enable_thinking":false},"step":1}')
  await adopt(from, inside('job', 'checkpoint-1'))
  const folder = inside('job', 'checkpoint-1')
  expect(await isWhole(folder)).toBe(true)
  const { adapter } = await readModel(folder)
  expect(adapter?.lora).toEqual({ rank: 2, alpha: 4, targets: ['q_proj'] })
  expect(JSON.parse(readFileSync(path.join(folder, 'adapter_config.json'), 'utf8'))).toMatchObject({
    base_model_name_or_path: '../../base',
  })
  expect(prompt(folder)).toBe(`${prompt(inside('base'))}<think></think>`)
  // Told once more it is the same; deleted by the trainer it goes too.
  await adopt(from, folder)
  dropDeleted(inside('lora'), inside('job'))
  expect(existsSync(folder)).toBe(true)
  rmSync(from, { recursive: true })
  dropDeleted(inside('lora'), inside('job'))
  expect(existsSync(folder)).toBe(false)
})

test('all weights, which stay when the run is deleted', async () => {
  const from = run('full', { tuning: 'full', lora: null })
  const folder = inside('job', 'checkpoint-1')
  await adopt(from, folder, 'bf16')
  rmSync(inside('full'), { recursive: true })
  expect(await isWhole(folder)).toBe(true)
  expect((await readModel(folder)).adapter).toBeNull()
  expect(await weightsHash(folder)).toBe(await weightsHash(shipped))
  expect(readFileSync(path.join(folder, 'config.json'), 'utf8')).toContain('"bfloat16"')
  expect(prompt(folder)).toBe(prompt(inside('base')))
})

test('arguments stand before the template and change nothing else of it', () => {
  expect(withArguments('\n a', {})).toBe('\n a')
  expect(withArguments('a', { x: true, y: 'say "hi"', z: 0.5 })).toBe(
    '{% set x = true %}{% set y = "say \\"hi\\"" %}{% set z = 0.5 %}a',
  )
  expect(withArguments('\n a', { x: 1 })).toBe('{% set x = 1 %}\n\n a')
})
