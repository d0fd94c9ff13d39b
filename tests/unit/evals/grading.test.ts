import type { ChildProcess } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { processWide } from '#lib/core/process-wide.ts'
import { checkGrader, gradeAnswer } from '#lib/evals/graders/client.ts'
import { Grader } from '#lib/evals/graders/schema.ts'
import { until } from '../../support/engine.ts'

/** ms; long enough for a working process on a busy computer. */
const LIMIT = 10_000
/** ms to wait for a process that hangs. */
const SHORT = 300

const child = (): ChildProcess | undefined =>
  processWide<{ child?: ChildProcess }>('evals.grading', () => ({})).child

const schema = (value: unknown): Grader =>
  Grader.parse({ kind: 'jsonSchema', schema: typeof value === 'string' ? value : JSON.stringify(value) })

const grade = (grader: Grader, answer: string, limit = LIMIT) =>
  gradeAnswer(grader, { answer, expected: answer, question: answer }, limit)

/** Each level refers twice to the next: the work doubles with each. */
const bomb = schema({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => {
      const next = { $ref: `#/$defs/d${level + 1}` }
      return [`d${level}`, level === 39 ? {} : { allOf: [next, next] }]
    }),
  ),
})

/** Accepted when it is tried, and endless on `{"a":1}`. */
const circle = schema({
  properties: { a: { $ref: '#/$defs/x' } },
  $defs: { x: { allOf: [{ $ref: '#/$defs/x' }] } },
})

const kinds: [Grader['kind'], Grader, string][] = [
  ['exact', Grader.parse({ kind: 'exact' }), 'gold'],
  ['contains', Grader.parse({ kind: 'contains' }), 'gold'],
  ['regex', Grader.parse({ kind: 'regex', pattern: 'g.ld' }), 'gold'],
  ['jsonSchema', schema({ type: 'object' }), '{}'],
  ['length', Grader.parse({ kind: 'length', most: 4 }), 'gold'],
  ['similarity', Grader.parse({ kind: 'similarity' }), 'gold'],
  ['limerick', Grader.parse({ kind: 'limerick' }), 'The night - So light - A tree - You see - So bright'],
  ['elementFact', Grader.parse({ kind: 'elementFact' }), 'Gold in rings and coins'],
]

afterAll(() => void child()?.disconnect())

test('every kind of grader is tested here', () => {
  expect(kinds.map(([kind]) => kind).toSorted()).toEqual(
    Grader.options
      .flatMap(({ shape: { kind } }) => ('options' in kind ? kind.options : [kind.value]))
      .toSorted(),
  )
})

describe.each(kinds)('%s', (kind, grader, answer) => {
  test('grades in the grading process', async () => {
    expect(await grade(grader, answer)).toMatchObject({ passed: true, score: 1 })
    expect(child()?.pid).toBeGreaterThan(0)
  })

  test('gives no grade when it throws, and grades the next answer', async () => {
    const [thrower, hostile] = kind === 'jsonSchema' ? [circle, '{"a":1}'] : [grader, 7 as unknown as string]
    const pid = child()?.pid
    expect(await grade(thrower, hostile)).toEqual({
      score: null,
      passed: null,
      detail: { fault: 'threw', words: expect.stringMatching(/./) },
    })
    expect(await grade(grader, answer)).toMatchObject({ passed: true })
    expect(child()?.pid).toBe(pid)
  })

  test('gives no grade when it hangs; a new process grades the next answer', async () => {
    const stuck = child()
    stuck?.kill('SIGSTOP')
    const [late, after] = await Promise.all([grade(grader, answer, SHORT), grade(grader, answer)])
    expect(late).toMatchObject({ score: null, passed: null, detail: { fault: 'late' } })
    expect(after).toMatchObject({ passed: true })
    expect(stuck?.killed).toBe(true)
    expect(child()?.pid).not.toBe(stuck?.pid)
  })
})

test('after its process is killed, a new one grades the answer', async () => {
  child()?.kill('SIGSTOP')
  const answer = grade(schema({}), '{}')
  child()?.kill('SIGKILL')
  expect(await answer).toMatchObject({ passed: true })
})

test('an answer that crashes two processes has no grade', async () => {
  const first = child()
  first?.kill('SIGSTOP')
  const answer = grade(bomb, '{}')
  first?.kill('SIGKILL')
  const second = await until('another process', async () => child() !== first && child())
  second.once('message', () => second.kill('SIGKILL'))
  expect(await answer).toMatchObject({ passed: null, detail: { fault: 'died' } })
  expect(await grade(schema({}), '{}')).toMatchObject({ passed: true })
})

test('an endless computation is killed, and the waiting thread stays free', async () => {
  let turns = 0
  const ticking = setInterval(() => turns++, 10)
  const [late, after] = await Promise.all([grade(bomb, '{}', 500), grade(schema({}), '{}')])
  clearInterval(ticking)
  expect(late).toMatchObject({ passed: null, detail: { fault: 'late' } })
  expect(after).toMatchObject({ passed: true })
  expect(turns).toBeGreaterThan(5)
})

describe('before a grader is stored', () => {
  test.each(kinds)('%s is tried', async (_kind, grader) =>
    expect(await checkGrader(grader, LIMIT)).toBeUndefined(),
  )

  test.each<[string, Grader, RegExp]>([
    ['no JSON', schema('{'), /JSON schema cannot be used/],
    ['no schema', schema({ type: 3 }), /JSON schema cannot be used/],
    ['a promise', schema({ $async: true, type: 'object' }), /"\$async" is not supported/],
    ['a circle', schema({ $ref: '#' }), /refers to itself without end/],
    [
      'a circle that is seen at once',
      schema({ properties: { a: { $ref: '#/properties/a' } } }),
      /refers to itself/,
    ],
    ['a circle of two', schema({ $ref: '#/$defs/a', $defs: { a: { $ref: '#' } } }), /refers to itself/],
    [
      'a property that is not looked at',
      schema('{"properties":{"__proto__":{"type":"number"}}}'),
      /__proto__/,
    ],
    ['a pattern inside', schema({ pattern: '(?<=x)' }), /regular expression/],
    ['no pattern', Grader.parse({ kind: 'regex', pattern: '(' }), /regular expression is not valid/],
  ])('%s is refused with words', async (_what, grader, words) =>
    expect(checkGrader(grader, LIMIT)).rejects.toMatchObject({
      code: 'invalid',
      param: 'graders',
      message: expect.stringMatching(words),
    }),
  )

  test('a schema that takes too long is refused after the limit', async () =>
    expect(checkGrader(bomb, SHORT)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/takes longer than/),
    }))
})
