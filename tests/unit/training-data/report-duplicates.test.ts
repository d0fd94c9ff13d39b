import { describe, expect, it } from 'vitest'
import { readFacts } from '#lib/training-data/facts.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { ReportBuilder } from '#lib/training-data/report.ts'
import { countWords } from '../../support/rule-files.ts'
import { asked, gold, held, many, neon, sentences, survey, told } from '../../support/survey.ts'

describe('same text', () => {
  it('is told at the later row, with the first one', () => {
    const row = asked('q', 'a')
    const { issues } = survey([row, asked('r', 'b'), ` ${row}\t`, row])
    expect(issues).toMatchObject([
      { rule: 'duplicate', line: 3, values: { first: 1 } },
      { rule: 'duplicate', line: 4, values: { first: 1 } },
    ])
  })

  it('of broken lines counts too, of blank ones never', () => {
    expect(survey(['7', '7', '', '']).byRule).toEqual({ 'not-object': 2, duplicate: 1, 'blank-line': 2 })
  })

  it('in the other split is a leak, wherever the held-out row stands', () => {
    const row = asked('q', 'a')
    expect(told(survey([held(row), row]))).toEqual(['1 leak-into-heldout'])
    expect(survey([held(row), row]).issues[0]?.values).toEqual({ first: 2, how: 'prompt' })
  })
})

describe('nearly the same text', () => {
  it.each([
    ['case and punctuation', `${neon}, and it hums.`, `${neon.toUpperCase()} and it HUMS!`],
    ['Arabic vowel signs', 'مَاءٌ وَنَارٌ '.repeat(8), 'ماء ونار '.repeat(8).replace('ا', 'أ')],
    [
      'signs without spaces',
      `${'氖是一种稀有气体在灯管里发出橙红色的光'}`,
      `${'氖是一种稀有气体在灯管里发出橙红色的光'}。`,
    ],
  ])('is seen through %s', (_, one, other) => {
    const rows = [
      asked('first', `${one} ${one.split(' ').toReversed().join(' ')}`),
      asked('first!', `${other} ${other.split(' ').toReversed().join(' ')}`),
    ]
    expect(told(survey(rows))).toEqual(['2 near-duplicate'])
  })

  it('is not found between different texts, nor short ones', () => {
    expect(
      survey(sentences.map((text) => asked('Tell me something', text))).byRule['near-duplicate'],
    ).toBeUndefined()
    expect(told(survey([asked('a', 'yes it is'), asked('b', 'yes it is')]))).toEqual([])
  })

  it('with the same question is told as its two answers', () => {
    const rows = [asked('Tell me', `${neon} ${gold}`), asked('Tell me', `${neon} ${gold} too`)]
    expect(told(survey(rows))).toEqual(['2 same-prompt-two-answers'])
  })

  it('in a held-out row is a leak', () => {
    const rows = [asked('Tell me', `${neon} ${gold}`), held(asked('Tell me!', `${neon}; ${gold}.`))]
    expect(survey(rows).issues).toMatchObject([
      { rule: 'leak-into-heldout', line: 2, values: { first: 1, how: 'near' } },
    ])
  })

  it('is found in most cases when 98 of 100 words agree, and rarely when 75 do', () => {
    const word = (at: number) => `w${((at * 7919) % 10_007).toString(36)}`
    const text = (from: number, changed: number) =>
      many(100, (at) =>
        changed > 0 && at % Math.floor(100 / changed) === 3 ? `x${at}` : word(from + at),
      ).join(' ')
    const found = (changed: number) => {
      const rows = Array.from({ length: 100 }, (_, at) => at).flatMap((at) => [
        asked(`${at}`, text(at * 100, 0)),
        asked(`${at} again`, text(at * 100, changed)),
      ])
      return survey(rows).byRule['near-duplicate'] ?? 0
    }
    expect(found(2)).toBeGreaterThan(70)
    expect(found(25)).toBeLessThan(5)
  })
})

describe('same question', () => {
  it('with other instructions is another question', () => {
    const rows = [asked('q', 'a', 'be brief'), asked('q', 'b', 'be verbose'), asked('q', 'c', 'be brief')]
    expect(told(survey(rows))).toEqual(['3 same-prompt-two-answers'])
  })

  it('is compared with everything that was said before it', () => {
    const turns = (first: string) =>
      JSON.stringify({
        messages: [first, 'a', 'and now?', first].map((content, at) => ({
          role: at % 2 === 0 ? 'user' : 'assistant',
          content,
        })),
      })
    expect(told(survey([turns('x'), turns('y')]))).toEqual([])
  })
})

it('a hundred thousand rows that all want one place in the table end in time', () => {
  const made = new ReportBuilder({ minimumRows: 0 })
  const facts = readFacts(lineOf(asked('q', `${neon} ${gold}`), 1), countWords)
  for (let at = 0; at < 100_000; at++) {
    const sketch = Uint8Array.from({ length: 20 }, (_, index) =>
      index < 3 ? 0 : (at * 31 + index * (at >> 8)) & 0xff,
    )
    made.add(
      { ...facts, lineHash: at * 4294967296 + 1, promptHash: at * 4294967296 + 1, sketch },
      'train',
      () => null,
    )
  }
  expect(made.finish().lines).toBe(100_000)
})
