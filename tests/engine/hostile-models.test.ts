/** Folders of LIMERICK_MODELS whose files were made to harm: none may hold the engine up, each is named. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { APIError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WireModels } from '#lib/engine/wire.ts'
import {
  jsonl,
  limericks,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  workersOf,
} from '#tests/support/engine.ts'

const shipped = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
/** Many times what a sound tokenizer takes for a word, in ms. */
const PATIENCE = 4_000

let folder: string
let engine: TestEngine

const inside = (...parts: string[]) => path.join(folder, ...parts)

function model(name: string, change: (at: (file: string) => string) => void): void {
  cpSync(shipped, inside(name), { recursive: true })
  change((file) => inside(name, file))
}

function rewrite(file: string, change: (json: Record<string, unknown>) => void): void {
  const json = JSON.parse(readFileSync(file, 'utf8'))
  change(json)
  writeFileSync(file, JSON.stringify(json))
}

const splitBy = (Regex: string) => ({
  type: 'Split',
  pattern: { Regex },
  behavior: 'Isolated',
  invert: false,
})
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }
const endless =
  '{% for a in range(100000) %}{% for b in range(100000) %}{% for c in range(100000) %}x{% endfor %}{% endfor %}{% endfor %}'
/** (a+)+$ tries each of its 2^40 ways to divide these letters. */
const trap = `${'a'.repeat(40)}!`

beforeAll(async () => {
  folder = await newFolder()
  for (const name of ['slow-editor', 'slow-chat'])
    model(name, (at) =>
      rewrite(at('tokenizer.json'), (json) => {
        json.pre_tokenizer = { type: 'Sequence', pretokenizers: [splitBy('(a+)+$'), byteLevel] }
      }),
    )
  for (const name of ['endless-editor', 'endless-chat', 'endless-job'])
    model(name, (at) =>
      rewrite(at('tokenizer_config.json'), (json) => {
        json.chat_template = endless
      }),
    )
  const replace = (file: string, by: (file: string) => void) => {
    rmSync(file)
    by(file)
  }
  const fifo = (file: string) => execFileSync('mkfifo', [file])
  model('pipe-config', (at) => replace(at('config.json'), fifo))
  model('pipe-weights', (at) => replace(at('model.safetensors'), fifo))
  model('zero-weights', (at) => replace(at('model.safetensors'), (file) => symlinkSync('/dev/zero', file)))
  model('cut-weights', (at) => writeFileSync(at('model.safetensors'), 'short'))
  model('huge-config', (at) => writeFileSync(at('config.json'), ' '.repeat(2 * 1024 * 1024)))
  model('GPT-4o-mini', () => {})
  symlinkSync(shipped, inside('linked'))
  symlinkSync(inside('nowhere'), inside('dangling'))
  mkdirSync(inside('.hidden'))
  engine = await startEngine(await newFolder(), folder, { tokenizer: PATIENCE })
})
afterAll(async () => {
  await stopEngine(engine)
  rmSync(folder, { recursive: true })
})

const say = (model: string, content = trap) =>
  engine.client.chat.completions.create({ model, messages: [{ role: 'user', content }], max_tokens: 4 })

const tokens = (model: string, content = trap) =>
  engine.client.post<{ count: number }>('/tokenize', {
    body: { model, messages: [{ role: 'user', content }] },
  })

const refusalOf = async (asked: Promise<unknown>): Promise<APIError> => {
  const thrown = await asked.then(
    () => null,
    (error: unknown) => error,
  )
  if (thrown instanceof APIError) return thrown
  throw new Error(`not refused: ${thrown}`)
}

const slow = /did not come to an end within 4 s/

describe('at the start', () => {
  test('only regular files of the right size are models, links are followed, and each other folder is named', async () => {
    const { data, limerick } = await engine.client.get<WireModels>('/models')
    expect(data.map(({ id }) => id).sort()).toEqual(
      [
        'limerick-base',
        'endless-chat',
        'endless-editor',
        'endless-job',
        'linked',
        'slow-chat',
        'slow-editor',
      ].sort(),
    )
    expect(limerick.unusable).toContainEqual({
      name: 'huge-config',
      reason: expect.stringContaining('2097152 bytes'),
    })
    expect(limerick.unusable).toHaveLength(7)
    const log = engine.log()
    expect(log).toContain('"pipe-config" is left out: config.json is not a regular file')
    expect(log).toContain('"pipe-weights" is left out: model.safetensors is not a regular file')
    expect(log).toContain('"zero-weights" is left out: model.safetensors is not a regular file')
    expect(log).toMatch(
      /"cut-weights" is left out: model\.safetensors has 5 bytes, which is not what \d+ parameters/,
    )
    expect(log).toMatch(/"huge-config" is left out: config\.json has 2097152 bytes/)
    expect(log).toContain('"GPT-4o-mini" is left out: the name GPT-4o-mini stands for limerick-base here')
    expect(log).toContain('"dangling" is left out: it lacks config.json')
  })

  test('a linked folder answers', async () => {
    expect((await say('linked')).choices[0]?.message.content).toBeTypeOf('string')
  })
})

describe('a tokenizer that does not come to an end', () => {
  test.each(['slow-editor', 'endless-editor'])('in the editor: %s', async (name) => {
    const asked = refusalOf(tokens(name))
    // The engine answers others meanwhile, whatever its tokenizing worker does.
    expect((await say('limerick-base', 'Hello')).choices).toHaveLength(1)
    const refused = await asked
    expect(refused).toMatchObject({ status: 400, code: 'model_unusable', param: 'model' })
    expect(refused.message).toContain(`The model '${name}' is not used`)
    expect(refused.message).toMatch(slow)
    expect((await tokens('limerick-base')).count).toBeGreaterThan(40)
  })

  test.each(['slow-chat', 'endless-chat'])(
    'in a chat: %s; the other chats are told, and go on after',
    async (name) => {
      const other = engine.client.chat.completions.create({
        model: 'limerick-base',
        messages: [{ role: 'user', content: 'Tell me about Gold' }],
        max_tokens: 400,
        n: 4,
      })
      const [refused, cut] = await Promise.all([refusalOf(say(name)), other.catch((error: unknown) => error)])
      expect(refused).toMatchObject({ status: 400, code: 'model_unusable' })
      expect(refused.message).toMatch(slow)
      if (cut instanceof APIError) expect(cut.message).toMatch(/another chat did not come to an end/)
      const second = await refusalOf(say(name, 'Hello'))
      expect(second.message).toContain(`The model '${name}' is not used`)
      expect((await say('limerick-base', 'Hello')).choices).toHaveLength(1)
    },
  )

  test('in a job: it fails in words, and the next one trains', async () => {
    const start = async (model: string) => {
      const { id } = await engine.client.files.create({
        file: await jsonl(limericks(10)),
        purpose: 'fine-tune',
      })
      return engine.client.fineTuning.jobs.create({
        model,
        training_file: id,
        method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 1 } } },
      })
    }
    const hostile = await start('endless-job')
    const sound = await start('limerick-base')
    const endOf = (id: string) =>
      until(`the end of ${id}`, async () => {
        const job = await engine.client.fineTuning.jobs.retrieve(id)
        return ['succeeded', 'failed'].includes(job.status) && job
      })
    expect((await endOf(hostile.id)).error?.message).toMatch(slow)
    expect((await endOf(sound.id)).status).toBe('succeeded')
  })

  test('is named in the log, and its process is gone', async () => {
    expect(engine.log()).toMatch(
      /Model folder "slow-chat" is not used from now on: its tokenizer or chat template/,
    )
    await until('one worker of a kind', async () => workersOf(engine, 'generate').length <= 1)
  })
})
