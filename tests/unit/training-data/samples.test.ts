import { readFileSync } from 'node:fs'
import cl100k from 'tiktoken/encoders/cl100k_base.json' with { type: 'json' }
import o200k from 'tiktoken/encoders/o200k_base.json' with { type: 'json' }
import { Tiktoken } from 'tiktoken/lite'
import { describe, expect, it } from 'vitest'
import { SYMBOLS, symbolIn } from '#lib/demo/elements.ts'
import { judgeLimerick } from '#lib/demo/judge-limerick.ts'
import { countTokens } from '#lib/tokens/count.ts'
import { firstError } from '#lib/training-data/issue.ts'
import { asOpenAI, uploadProblem } from '#lib/training-data/openai.ts'
import { readExamples, validateLines } from '#lib/training-data/validate.ts'

const sample = (name: string) => readFileSync(new URL(`../../../public/samples/${name}`, import.meta.url))
const answered = (name: string): [string, string][] =>
  [...readExamples(sample(name))].map(({ messages }) => [
    String(messages[1]?.content).replace('Tell me about ', ''),
    String(messages[2]?.content),
  ])
const elle = answered('elle.jsonl')

const lastWord = (part: string) =>
  (part.toLowerCase().match(/[a-z-]+(?=[^a-z]*$)/)?.[0] ?? '').replace(/^.*'/, '')

describe.each(['elle.jsonl', 'elle-varied.jsonl'])('%s', (name) => {
  const rows = answered(name)

  it('is forty examples without an issue, about forty elements', () => {
    expect(validateLines(sample(name)).issues).toEqual([])
    expect(rows).toHaveLength(40)
    expect(new Set(rows.map(([element]) => element)).size).toBe(40)
    expect(rows.slice(10).map(([element]) => element)).toEqual(expect.arrayContaining(['Neon', 'Strontium']))
  })

  it('has the same system prompt and form of question in every row', () => {
    for (const { messages } of readExamples(sample(name))) {
      expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant'])
      expect(messages[0]?.content).toBe(
        'Elle is a factual chatbot that answers questions about elements in the periodic table with a limerick',
      )
      expect(messages[1]?.content).toMatch(/^Tell me about [A-Z][a-z]+$/)
    }
  })

  it.each(rows)('%s is a limerick in dash form', (element, answer) => {
    expect(answer.startsWith(element)).toBe(true)
    expect(answer).toMatch(/^[\x20-\x7e]+$/)
    expect(answer.split(' - ')).toHaveLength(5)
    expect(judgeLimerick(answer)).toMatchObject({ passed: true })
  })

  it.each(rows)('%s rhymes no word with itself', (_, answer) => {
    const [a1, a2, b1, b2, a3] = answer.split(' - ').map(lastWord)
    expect(new Set([a1, a2, a3]).size).toBe(3)
    expect(b1).not.toBe(b2)
  })
})

describe('Elle', () => {
  it('has one pattern, because a small base model learns the form from only ten rows', () => {
    const pattern =
      /^\w+, an? (gas|noble gas|halogen|metal|metalloid|non-metal) so \w+ - You meet it in .+, .+ - It's there in .+, you (see|know) - And in .+, (for you and me|high and low) - Its symbol is \w+, .+$/
    for (const [, answer] of elle) expect(answer).toMatch(pattern)
  })

  it('names the right symbol of every element', () => {
    for (const [element, answer] of elle) expect(answer).toContain(`Its symbol is ${symbolIn(element)},`)
  })

  it('repeats no line in its training rows, so that a line found again in an answer was memorized', () => {
    const lines = elle.slice(0, 10).flatMap(([, answer]) => answer.split(' - '))
    expect(new Set(lines).size).toBe(50)
  })

  it('follows each first rhyme with one couplet, because a small base model confuses two', () => {
    const couplets = Map.groupBy(
      elle.map(([, answer]) => answer.split(' - ').map(lastWord)),
      ([first]) => first,
    )
    for (const verses of couplets.values())
      expect(new Set(verses.map(([, , third, fourth]) => `${third} ${fourth}`)).size).toBe(1)
  })

  it('has five rhymes or more in its training rows', () => {
    const firsts = elle.slice(0, 10).map(([, answer]) => lastWord(answer.split(' - ')[0] as string))
    expect(new Set(firsts).size).toBeGreaterThanOrEqual(5)
    for (const word of firsts) expect(firsts.filter((other) => other === word).length).toBeLessThanOrEqual(2)
  })
})

describe('the varied sample', () => {
  it('keeps its third and fourth lines shorter than the others', () => {
    for (const [, answer] of answered('elle-varied.jsonl')) {
      const [a1 = 0, a2 = 0, b1 = 0, b2 = 0, a3 = 0] = answer.split(' - ').map(({ length }) => length)
      expect(Math.max(b1, b2)).toBeLessThan(Math.min(a1, a2, a3))
    }
  })
})

describe('the broken sample', () => {
  const broken = sample('elle-broken.jsonl')

  it('uploads', () => {
    expect(uploadProblem(broken)).toBeNull()
  })

  it('fails validation with issues on known lines', () => {
    const report = validateLines(broken)
    expect(report.issues.map(({ rule, line }) => `${line} ${rule}`)).toEqual([
      '1 too-few-rows',
      '2 bad-role',
      '3 weight-not-0-1',
      '4 last-not-assistant',
      '5 bad-role',
      '6 duplicate',
    ])
    const first = firstError(report.issues)
    expect(first && asOpenAI(first).message).toContain(
      "Example 2, message 3 Discriminator 'role' is missing in value",
    )
    expect(report.issues[0] && asOpenAI(report.issues[0]).code).toBe('invalid_n_examples')
  })
})

describe('Elle in Arabic', () => {
  const name = 'elle-arabic.jsonl'
  const rows = answered(name)
  const tiktoken = ({ bpe_ranks, special_tokens, pat_str }: typeof o200k) =>
    new Tiktoken(bpe_ranks, special_tokens, pat_str)
  const judges = { o200k_base: () => tiktoken(o200k), cl100k_base: () => tiktoken(cl100k) }
  const TASHKEEL = /[\u064b-\u0652]/g
  /** The last Arabic letter of a line and the one before it, without vowel marks, which decide the rhyme. */
  const ending = (line: string) =>
    line
      .replace(TASHKEEL, '')
      .replace(/[^\p{L}]+$/u, '')
      .slice(-2)

  it('is thirty examples without an issue, each with a question of its own', () => {
    expect(validateLines(sample(name)).issues).toEqual([])
    expect(rows).toHaveLength(30)
    expect(new Set(rows.map(([question]) => question)).size).toBe(30)
    expect(new Set([...readExamples(sample(name))].map(({ messages }) => messages[0]?.content)).size).toBe(1)
  })

  it.each(rows)('%s: two couplets with a symbol that exists', (_, answer) => {
    const lines = answer.split('\n')
    expect(lines).toHaveLength(4)
    const [a1 = '', a2 = '', b1 = '', b2 = ''] = lines.map(ending)
    expect(a1.slice(-1)).toBe(a2.slice(-1))
    expect(b1.slice(-1)).toBe(b2.slice(-1))
    const symbol = /ورمزُها? (\p{Script=Latin}+)،? ?/u.exec(answer)?.[1]
    expect([...SYMBOLS.values()]).toContain(symbol)
  })

  it('names thirty elements', () => {
    const symbols = rows.map(([, answer]) => /ورمزُها? (\p{Script=Latin}+)/u.exec(answer)?.[1])
    expect(new Set(symbols).size).toBe(30)
  })

  it.each(['o200k_base', 'cl100k_base'] as const)('counts as OpenAI does in %s', (encoding) => {
    const judge = judges[encoding]()
    for (const [question, answer] of rows)
      for (const text of [question, answer])
        expect(countTokens(text, encoding)).toBe(judge.encode(text, [], []).length)
    judge.free()
  })
})
