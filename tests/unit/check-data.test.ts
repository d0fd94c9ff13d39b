import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { targets } from '#lib/training-data/targets.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-check-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const field = (name: string) => `tests/fixtures/field/${name}`

/** The command as npm runs it: in the project's folder, for a caller who stands elsewhere. */
const check = (...args: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const argv = ['--conditions=react-server', 'lib/start.js', 'check-data', ...args]
    execFile(process.execPath, argv, { maxBuffer: 2 ** 24 }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })

describe('check-data', { timeout: 60_000 }, () => {
  it('names each problem with line and column, and ends with 1 where there is an error', async () => {
    const { code, out } = await check(field('22-legacy-function-call.jsonl'), '--for', 'engine')
    expect(code).toBe(1)
    expect(out).toMatch(/22-legacy-function-call\.jsonl:1:\d+ error tools-unsupported: The row calls tools/)
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/: 10 rows, 10 errors, 10 warnings for engine$/)
  })

  it('counts with the engine’s own tokenizer, and takes another context', async () => {
    const beyond = await check(
      field('41-answer-beyond-context.jsonl'),
      '--for',
      'engine',
      '--context',
      '2048',
    )
    expect(beyond.code).toBe(1)
    expect(beyond.out).toContain(
      'error over-context: Nothing is left to train on: the whole answer comes after the 2,048 tokens',
    )
    const fits = await check(field('41-answer-beyond-context.jsonl'), '--for', 'engine', '--context', '65536')
    expect(fits.out).not.toContain('over-context')
    expect(fits.code).toBe(0)
  })

  it('reads preference pairs for the engine, of each the answer that loses more', async () => {
    const row = (worse: string) =>
      JSON.stringify({
        input: { messages: [{ role: 'user', content: 'Is it so?' }] },
        preferred_output: [{ role: 'assistant', content: 'It is so.' }],
        non_preferred_output: [{ role: 'assistant', content: worse }],
      })
    const pairs = path.join(folder, 'pairs.jsonl')
    const short = Array.from({ length: 10 }, (_, at) => row(`It is not, ${at} times.`))
    writeFileSync(pairs, [...short, row('It is not. '.repeat(300))].join('\n'))
    const { code, out } = await check(pairs, '--for', 'engine')
    expect(code).toBe(0)
    expect(out).toContain('pairs.jsonl:11:1 warning over-context')
  })

  it('names a file of blank lines, and an encoding that is a guess', async () => {
    const blank = path.join(folder, 'blank.jsonl')
    writeFileSync(blank, '\n  \n\n')
    expect(await check(blank)).toMatchObject({ code: 2, err: expect.stringContaining('only blank lines') })
    const guessed = path.join(folder, 'guessed.csv')
    const rows = Array.from({ length: 12 }, (_, at) => `Wie viele ${at}?,Das sind \xc4\xd6\xdc und ${at}.`)
    writeFileSync(guessed, ['question,answer', ...rows].join('\n'), 'latin1')
    expect((await check(guessed)).out).toContain(
      'warning encoding: The bytes do not show which encoding this is',
    )
    const { read, warnings } = JSON.parse((await check(guessed, '--json')).out)
    expect(read).toMatchObject({ encoding: 'windows-1252', encodingCertain: false })
    expect(warnings).toBeGreaterThan(0)
  })

  it('reads what an import reads, and says what it refuses, as JSON', async () => {
    const rows = Array.from({ length: 11 }, (_, n) => `"Question ${n}?","Answer ${n}, and nothing more."`)
    const file = path.join(folder, 'rows.csv')
    writeFileSync(file, ['question,answer', ...rows, '"Alone?",""'].join('\n'))
    const { code, out } = await check(file, '--for', 'openai', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      for: 'openai',
      read: { container: 'csv', shape: 'columns' },
      rows: 11,
      refusedCount: 1,
      refused: [{ line: 13, problem: 'empty-cell', message: expect.any(String) }],
    })
  })

  it('says how few rows are missing for whom', async () => {
    const few = await check(field('43-five-examples.jsonl'))
    expect(few.code).toBe(1)
    expect(few.out).toContain('too-few-rows: There are 5 training rows; at least 10 are needed.')
    expect((await check(field('43-five-examples.jsonl'), '--for', 'together')).code).toBe(0)
  })

  it.each([
    ['03-arabic-windows1256-semicolon.csv', 0, /10 rows, read as columns, windows-1256, 0 errors/],
    ['28-kto-thumbs.jsonl', 1, /read as thumbs, 10 records refused/],
    ['31-sharegpt-function-call-observation.json', 0, /10 rows, read as sharegpt, 0 errors/],
    ['34-context-question-answer.csv', 0, /note left-out: 10 records with “id”/],
    ['72-gzip-named-jsonl.jsonl', 0, /12 rows, read as gzip, 0 errors/],
    ['75-cut-download.json', 1, /:122:1 error refused: The file ends/],
    ['83-wrapper-object.json', 0, /note left-out: 1 record with “version”/],
    ['92-csv-two-stray-quotes.csv', 0, /warning doubted: /],
  ])('reads %s as an import does', async (name, exit, words) => {
    const { code, out } = await check(field(name))
    expect(out).toMatch(words)
    expect(code).toBe(exit)
  })

  it.each([[['nowhere.jsonl']], [['tests']], [[]], [[field('43-five-examples.jsonl'), '--for', 'mars']]])(
    'ends with 2 where nothing could be read: %j',
    async (args) => {
      const { code, out, err } = await check(...args)
      expect(code).toBe(2)
      expect(out).toBe('')
      expect(err).not.toBe('')
    },
  )
})

it('the engine reads as much of a row as its base model says', () => {
  const { max_position_embeddings } = JSON.parse(readFileSync('lib/engine/base/config.json', 'utf8'))
  expect(targets.engine.context).toBe(max_position_embeddings)
})
