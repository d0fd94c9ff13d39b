import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { tokensWithin } from '#lib/tokens/chat.ts'
import { countTokens } from '#lib/tokens/count.ts'
import { type CheckOptions, checkLine } from '#lib/training-data/check.ts'
import { readFacts } from '#lib/training-data/facts.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { textLines } from '#lib/training-data/jsonl.ts'
import type { Verdict } from '#lib/training-data/schema.ts'
import { targets } from '#lib/training-data/targets.ts'
import { IssueGroups, isRefused, type Target, unsupported } from '#lib/training-data/verdict.ts'
import { countWords } from '../../support/rule-files.ts'

const field = (name: string): Uint8Array => readFileSync(`tests/fixtures/field/${name}`)
const linesOf = (...rows: unknown[]): Uint8Array =>
  Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
const chat = (...turns: [role: string, content: string][]) => ({
  messages: turns.map(([role, content]) => ({ role, content })),
})

function verdict(bytes: Uint8Array, target: Target, count = countWords): Verdict {
  const options: CheckOptions = {
    target,
    read: (example, limit) => tokensWithin(example, limit, count),
    quality: false,
  }
  const groups = new IssueGroups()
  let rows = 0
  for (const line of textLines(bytes)) {
    const { issues, blank } = checkLine(line, options)
    if (!blank) rows++
    for (const issue of issues) groups.add({ ...issue, row: rows })
  }
  return groups.finish(rows, target)
}

const told = ({ groups }: Verdict) => groups.map(({ rule, severity, count }) => [rule, severity, count])
const first = ({ groups }: Verdict): Issue | undefined => groups[0]?.issues[0]

describe('rows longer than the context', () => {
  const bytes = field('41-answer-beyond-context.jsonl')
  const at = (context: number) => verdict(bytes, { ...targets.engine, context }, (text) => countTokens(text))

  it('are an error if no token of an answer is left, and have no issue if all of it fits', () => {
    expect(told(at(2_048))).toEqual([['over-context', 'error', 10]])
    expect(first(at(2_048))?.values).toMatchObject({ what: 'all', limit: 2_048, left: 0 })
    expect(isRefused(at(2_048))).toBe(true)
    expect(told(at(65_536))).toEqual([])
  })

  it('are a warning with the number of lost tokens if a part of the answer is cut', () => {
    const row = chat(['user', 'one two'], ['assistant', 'one two three four five'])
    // Before the answer: 2 markers, a role and two words, a marker; then 2 markers and a role.
    const found = verdict(linesOf(row), { ...targets.engine, context: 12, minimumRows: 1 })
    expect(told(found)).toEqual([['over-context', 'warning', 1]])
    expect(first(found)?.values).toMatchObject({ what: 'part', tokens: 18, limit: 12, lost: 3, left: 3 })
    expect(isRefused(found)).toBe(false)
  })

  it('have no issue if only text after the last answer is cut', () => {
    const row = chat(['user', 'one'], ['assistant', 'two'])
    const found = verdict(linesOf(row), { ...targets.engine, context: 10, minimumRows: 1 })
    expect(found.groups).toEqual([])
  })

  it('lose the end of the longer answer of a pair', () => {
    const answer = (content: string) => [{ role: 'assistant', content }]
    const row = {
      input: chat(['user', 'one']),
      preferred_output: answer('two'),
      non_preferred_output: answer('one two three'),
    }
    const found = verdict(linesOf(row), { ...targets.openai, context: 9, minimumRows: 1 })
    expect(first(found)?.values).toMatchObject({ what: 'part', lost: 3 })
  })
})

describe('rows that a destination does not accept', () => {
  it('call functions: an error at the message', () => {
    const found = verdict(field('22-legacy-function-call.jsonl'), targets.engine)
    const spelling = ['legacy-functions', 'warning', 10]
    expect(told(found)).toEqual([['tools-unsupported', 'error', 10], spelling])
    expect(first(found)).toMatchObject({ line: 1, row: 1, path: 'messages[1]' })
    expect(told(verdict(field('22-legacy-function-call.jsonl'), targets.openai))).toEqual([spelling])
  })

  it('declare tools and never call one: a warning, trained without the tools', () => {
    const tools = [{ type: 'function', function: { name: 'weigh' } }]
    const row = { ...chat(['user', 'How heavy?'], ['assistant', 'Very.']), tools }
    expect(told(verdict(linesOf(row), { ...targets.engine, minimumRows: 1 }))).toEqual([
      ['tools-unsupported', 'warning', 1],
    ])
  })

  it('contain special tokens, for which OpenAI rejects the file', () => {
    const flags = Array.from(
      textLines(field('18-special-tokens-in-text.jsonl')),
      (line) => readFacts(line, () => 1).flags,
    )
    const refusedBy = (target: Target) => flags.filter((each) => unsupported(each, target).length > 0).length
    expect(refusedBy(targets.openai)).toBe(3)
    expect(refusedBy(targets.together)).toBe(0)
  })

  it('contain images', () => {
    const image = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }
    const row = {
      messages: [
        { role: 'user', content: [image] },
        { role: 'assistant', content: 'Gold.' },
      ],
    }
    expect(told(verdict(linesOf(row), { ...targets.engine, minimumRows: 1 }))).toEqual([
      ['image-part-unsupported', 'error', 1],
    ])
  })

  it('are preference pairs', () => {
    const row = {
      input: chat(['user', 'one']),
      preferred_output: [{ role: 'assistant', content: 'two' }],
      non_preferred_output: [{ role: 'assistant', content: 'three' }],
    }
    expect(told(verdict(linesOf(row), { ...targets.engine, preference: false, minimumRows: 1 }))).toEqual([
      ['preference-unsupported', 'error', 1],
    ])
    expect(told(verdict(linesOf(row), { ...targets.engine, minimumRows: 1 }))).toEqual([])
    expect(told(verdict(linesOf(row), { ...targets.openai, minimumRows: 1 }))).toEqual([])
  })

  it('have two consecutive messages of one role, if roles must alternate', () => {
    const row = chat(['user', 'one'], ['user', 'two'], ['assistant', 'three'])
    const found = verdict(linesOf(row), targets.together)
    expect(told(found)).toEqual([['turns-not-alternating', 'error', 1]])
    expect(first(found)?.path).toBe('messages[1]')
    expect(told(verdict(linesOf(row), { ...targets.openai, minimumRows: 1 }))).toEqual([
      ['turns-not-alternating', 'warning', 1],
    ])
  })

  it('are fewer than the minimum', () => {
    const found = verdict(field('43-five-examples.jsonl'), targets.openai)
    expect(told(found)).toEqual([['too-few-rows', 'error', 1]])
    expect(first(found)?.values).toEqual({ rows: 5, minimum: 10 })
    expect(told(verdict(field('43-five-examples.jsonl'), targets.together))).toEqual([])
  })
})
