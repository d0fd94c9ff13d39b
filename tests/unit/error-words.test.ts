import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AppError, fromWire } from '#lib/core/errors.ts'
import errors from '#lib/i18n/en/errors.ts'
import { issue, issueWords } from '#lib/i18n/issue-words.ts'

const sources = globSync('{app,components,lib}/**/*.{ts,tsx}')
  .filter((file) => !/^lib\/i18n\/(ar|en)\//.test(file.replaceAll('\\', '/')))
  .map((file) => [file, readFileSync(file, 'utf8')] as const)

const rooms = Object.entries(errors).filter(([, words]) => typeof words === 'object')
const keys = rooms.flatMap(([room, words]) => Object.keys(words).map((name) => `${room}.${name}`))

/** Who speaks in words that our catalogue does not have. */
const OTHERS = [
  'lib/engine/', // OpenAI's English, by which its clients know an error
  'lib/core/errors.ts', // rebuilds what came over the wire
  'lib/evals/graders/main.ts', // what a library said of a grader
  'lib/http/answer.ts', // what a developer did wrong: production never says it
  'lib/http/failure.ts', // a provider's words
  'lib/http/route.ts', // the catalogue's, behind the name of the field
  'components/datasets/import/use-review.ts', // the catalogue's, of the room `imports`
]

describe('the catalogue of errors', () => {
  test('every sentence is used somewhere', () => {
    const all = sources.map(([, text]) => text).join('\n')
    expect(keys.filter((key) => !all.includes(`'${key}'`))).toEqual([])
  })

  // That a key exists and has its values is the compiler's to say.
  test('no error is made of a sentence in the code', () => {
    const own = /(?:new AppError|super)\(\s*[^,()]+,\s*(?:`|"|'(?![a-z]+\.\w+')|\{\s*message)/
    const found = sources.filter(([, text]) => own.test(text)).map(([file]) => file)
    expect(found.filter((file) => !OTHERS.some((other) => file.startsWith(other)))).toEqual([])
  })

  test('an error says its sentence in English, and how to say it in another language', () => {
    const error = new AppError('conflict', ['jobs.alreadyEnded', { status: 'failed' }], { param: 'jobId' })
    expect(error.message).toBe('This job has already ended: failed.')
    expect(error.toWire().error).toEqual({
      code: 'conflict',
      message: 'This job has already ended: failed.',
      key: 'jobs.alreadyEnded',
      values: { status: 'failed' },
      param: 'jobId',
      facts: null,
    })
    expect(fromWire(error.toWire())).toEqual(error)
  })

  test("a provider's words have no key", () => {
    const { error } = new AppError('provider_refused', { message: 'No {such} model' }).toWire()
    expect(error).toMatchObject({ message: 'No {such} model', param: null })
    expect(JSON.parse(JSON.stringify(error))).not.toHaveProperty('key')
  })
})

const said = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value, { reportInput: true }).error?.issues.map((found) => issueWords(found).message)[0]

describe('what a schema finds wrong', () => {
  test.each([
    [
      'our words, with the limit',
      z.string().max(3, issue('jobs.suffixTooLong')),
      'long',
      'At most 3 characters.',
    ],
    [
      'a number inside a union',
      z.union([z.literal('auto'), z.number().max(50, issue('jobs.epochsAtMost'))]),
      99,
      'At most 50 epochs.',
    ],
    ['a text that is missing', z.string(), undefined, 'This is missing.'],
    ['a text that is a number', z.string(), 5, 'This must be text.'],
    ['a number with a fraction', z.int(), 1.5, 'This must be a whole number.'],
    ['a list that is too short', z.array(z.string()).min(1), [], 'At least 1 entry.'],
    ['a text that is too short', z.string().min(2), 'a', 'At least 2 characters.'],
    ['a number that is too large', z.number().max(7), 9, 'At most 7.'],
    ['a word that is not in the list', z.enum(['a', 'b']), 'c', 'This must be one of: a, b.'],
    ['a field that nobody knows', z.strictObject({}), { a: 1, b: 2 }, 'Unknown fields: a, b.'],
    ['a form that does not fit', z.string().regex(/^a/), 'b', 'This is not valid.'],
  ])('%s', (_, schema, value, words) => {
    expect(said(schema, value)).toBe(words)
  })
})
