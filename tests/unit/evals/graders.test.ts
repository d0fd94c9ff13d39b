import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { judgeLimerick, partsOf } from '#lib/demo/judge-limerick.ts'
import { rhymes } from '#lib/demo/rhyme.ts'
import { judgeOf } from '#lib/evals/graders/grade.ts'
import { Grader } from '#lib/evals/graders/schema.ts'
import { similarity } from '#lib/evals/graders/similarity.ts'

const judge = (grader: unknown, answer: string, expected: string | null = null, question = '') =>
  judgeOf(Grader.parse(grader))(answer, expected, question)

const answersIn = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { messages: { content: string }[] }).messages.at(-1)?.content ?? '')

/** The ten that the lesson trains on. */
const LESSON = [
  'Gallium, oh gallium, so light - Melts in your hand, oh what a sight - At 86 degrees - Its liquid with ease - And in semiconductors, it’s out of sight',
  "Helium a noble gas so rare - It's lighter than air, so beware - It's in balloons, you know - And in space, it does glow - It's the second lightest, take care",
  "Titanium, a metal so strong - It's in planes, that's the song - It's in paint, you see - And in bones, it's the key - It's the ninth most common, so long",
  "Mercury, a metal so strange - It's liquid at room temperature, that's the range - It's in thermometers, you see - And in batteries, it's the key - It's the 80th most common, so change",
]

describe('a limerick', () => {
  test.each(LESSON)('%s', (text) => expect(judgeLimerick(text)).toMatchObject({ passed: true, parts: 5 }))

  test.each(['elle', 'elle-varied'])('every shipped answer of %s passes', (name) => {
    const answers = answersIn(`public/samples/${name}.jsonl`)
    expect(answers.length).toBeGreaterThanOrEqual(40)
    expect(answers.filter((answer) => !judgeLimerick(answer).passed)).toEqual([])
  })

  test('may be written in lines', () => {
    expect(partsOf('one -\ntwo -\n\nthree\nfour\nfive')).toEqual(['one', 'two', 'three', 'four', 'five'])
    expect(judgeLimerick(LESSON[1]?.replaceAll(' - ', '\n') ?? '').passed).toBe(true)
  })

  test('needs five parts', () => {
    expect(judgeLimerick('The cat - The hat - So tall')).toEqual({
      passed: false,
      parts: 3,
      unrhymed: null,
      words: null,
    })
    expect(judgeLimerick('')).toMatchObject({ passed: false, parts: 1 })
  })

  test('reports the two lines that do not rhyme', () => {
    const verse = (last: string) => `The night - So light - A tree - You see - ${last}`
    expect(judgeLimerick(verse('so bright'))).toMatchObject({ passed: true })
    expect(judgeLimerick(verse('so blue'))).toMatchObject({
      passed: false,
      unrhymed: [1, 5],
      words: [expect.any(String), 'blue'],
    })
  })

  test('five paragraphs do not pass', () => {
    expect(
      judgeLimerick(
        Array(5)
          .fill(`${'long '.repeat(40)}night`)
          .join('\n'),
      ).passed,
    ).toBe(false)
  })
})

test.each([
  ['fly', 'sky', true],
  ['rare', 'beware', true],
  ['degrees', 'ease', true],
  ['wires', 'fires', true],
  ['read', 'red', true],
  ['read', 'seed', true],
  ['Seaborgium’s', 'blue', false],
  ['water', 'ever', false],
  ['gold', 'good', false],
  ['blorft', 'klorft', true],
  ['', '', false],
])('%s / %s: %s', (a, b, expected) => expect(rhymes(a, b)).toBe(expected))

describe('a grader', () => {
  test('exact: ignores case and white space by default', () => {
    expect(judge({ kind: 'exact' }, ' Yes,\n no ', 'yes, no').passed).toBe(true)
    expect(judge({ kind: 'exact', loose: false }, 'Yes', 'yes').passed).toBe(false)
    expect(judge({ kind: 'exact' }, 'yes').detail).toEqual({ fault: 'noExpected' })
  })

  test('contains: a given text, by default the expected answer', () => {
    expect(judge({ kind: 'contains', text: 'GOLD' }, 'made of gold').passed).toBe(true)
    expect(judge({ kind: 'contains' }, 'It is 42.', '42').passed).toBe(true)
    expect(judge({ kind: 'contains', text: 'Gold', loose: false }, 'gold').passed).toBe(false)
  })

  test.each([
    ['The symbol of gold is Au.', 'Au', true],
    ['Au', 'Au', true],
    ['August', 'Au', false],
    ['The symbol of Sulfur', 'S', false],
    ['S, for Sulfur', 'S', true],
    ['Éclair', 'É', false],
    ['E\u0301', 'E', false],
    ['1.5 kg', '.', false],
    ['a.b (c)', '(c)', true],
    ['it is au', 'Au', false],
  ])('contains, whole words only: %j has %j: %s', (answer, text, passed) => {
    const grader = { kind: 'contains', text: null, loose: false, wholeWords: true }
    expect(judge(grader, answer, text).passed).toBe(passed)
  })

  test('regex: matches anywhere, in linear time for any pattern', () => {
    expect(judge({ kind: 'regex', pattern: String.raw`\b\d+ (grams|kg)\b` }, 'about 12 kg').passed).toBe(true)
    expect(judge({ kind: 'regex', pattern: '(a+)+$' }, `${'a'.repeat(50_000)}b`).passed).toBe(false)
    expect(() => judge({ kind: 'regex', pattern: '(?<=x)' }, '')).toThrow(/regular expression/)
  })

  test('JSON schema: reports invalid JSON and the path of a violation', () => {
    const schema = JSON.stringify({
      type: 'object',
      required: ['symbol'],
      properties: { symbol: { type: 'string', pattern: '^[A-Z][a-z]?$' } },
    })
    const grader = { kind: 'jsonSchema', schema }
    expect(judge(grader, '{"symbol":"Au"}').passed).toBe(true)
    expect(judge(grader, 'gold').detail).toEqual({ fault: 'notJson' })
    expect(judge(grader, '{"symbol":"gold"}').detail).toMatchObject({ fault: 'schema', at: '/symbol' })
    expect(() => judge({ kind: 'jsonSchema', schema: '{"type": 3}' }, '')).toThrow(/JSON schema/)
    expect(() => judge({ kind: 'jsonSchema', schema: '{' }, '')).toThrow(/JSON schema/)
  })

  test('JSON schema: inherited properties do not count', () => {
    const required = (name: string) => ({ kind: 'jsonSchema', schema: JSON.stringify({ required: [name] }) })
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(judge(required(name), '{}').passed, name).toBe(false)
      expect(judge(required(name), `{"${name}":1}`).passed, name).toBe(true)
    }
    const typed = JSON.stringify({ properties: { toString: { type: 'string' } } })
    expect(judge({ kind: 'jsonSchema', schema: typed }, '{}').passed).toBe(true)
    expect(judge({ kind: 'jsonSchema', schema: typed }, '{"toString":1}').passed).toBe(false)
  })

  test('JSON schema: accepts schemas up to 100,000 characters', () => {
    const long = (length: number) => ({ kind: 'jsonSchema', schema: '{}'.padEnd(length) })
    expect(judge(long(100_000), '{}').passed).toBe(true)
    expect(() => Grader.parse(long(100_001))).toThrow()
  })

  test('length: counts visible characters', () => {
    expect(judge({ kind: 'length', most: 2 }, '👍🏽').passed).toBe(true)
    expect(judge({ kind: 'length', least: 3, most: 5 }, 'ab')).toMatchObject({
      passed: false,
      detail: { characters: 2 },
    })
    expect(() => Grader.parse({ kind: 'length', least: 3, most: 2 })).toThrow()
  })

  test('similarity: uses the longest common subsequence of words', () => {
    expect(similarity('The cat sat.', 'the cat SAT')).toBe(1)
    expect(similarity('a b c d', 'a x c y')).toBeCloseTo(0.5, 9)
    expect(similarity('', '')).toBe(1)
    expect(similarity('a', '')).toBe(0)
    expect(similarity('قط على السجادة', 'قط على السجادة')).toBe(1)
    const long = 'word '.repeat(20_000)
    expect(similarity(long, long)).toBe(1)
    expect(judge({ kind: 'similarity', pass: 0.6 }, 'a b c d', 'a x c y')).toMatchObject({
      score: 0.5,
      passed: false,
    })
  })

  test('limerick', () => {
    expect(judge({ kind: 'limerick' }, LESSON[0] ?? '')).toEqual({
      score: 1,
      passed: true,
      detail: { parts: 5 },
    })
  })
})

describe('an element fact', () => {
  const about = (element: string, answer: string) =>
    judge({ kind: 'elementFact' }, answer, null, `Tell me about ${element}`)

  test('finds a known word of the element in the question', () => {
    expect(about('Strontium', 'Strontium glows in fireworks and flares')).toMatchObject({
      passed: true,
      detail: { element: 'strontium', fact: 'fireworks' },
    })
  })

  test('a verse without a fact does not pass', () => {
    const { passed, detail } = about('Strontium', 'Strontium, oh what a sight')
    expect(passed).toBe(false)
    expect(detail).toEqual({ element: 'strontium' })
  })

  test.each([
    [
      'a verse recited about another',
      'Strontium is a metal - You find it in blood - And in fireworks',
      'blood',
    ],
    ['another name first', 'Barium is in fireworks - And so is Strontium', 'Barium'],
    ['another kind', 'Strontium in fireworks is the only non-metal', 'non-metal'],
    ['another symbol', 'Strontium shines in fireworks - Its symbol is Ne', 'Ne'],
  ])('of another element fails: %s', (_name, answer, foreign) => {
    expect(about('Strontium', answer)).toMatchObject({ passed: false, detail: { foreign } })
  })

  test('accepts all spellings of a name, and does not read "lead the way" as an element', () => {
    expect(about('Aluminum', 'Aluminium makes cans').passed).toBe(true)
    expect(about('Gold', 'Gold in coins can lead the way').passed).toBe(true)
  })

  test('a verse may name another element after its own', () => {
    expect(about('Hydrogen', "Hydrogen with oxygen's spark - Leaves only water behind").passed).toBe(true)
  })

  test('a question without an element does not pass', () => {
    expect(about('Hamlet', 'Hamlet wore a crown').detail).toEqual({ fault: 'noElement' })
  })
})
