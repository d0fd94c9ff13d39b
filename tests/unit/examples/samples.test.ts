import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { firstError } from '#lib/examples/issue.ts'
import { asOpenAI, uploadProblem } from '#lib/examples/openai.ts'
import { readExamples, validateLines } from '#lib/examples/validate.ts'

const sample = (name: string) => readFileSync(new URL(`../../../public/samples/${name}`, import.meta.url))
const elle = sample('elle.jsonl')
const examples = [...readExamples(elle)]
const answers = examples.map(({ messages }) => String(messages[2]?.content))
const elements = examples.map(({ messages }) => String(messages[1]?.content).replace('Tell me about ', ''))

/** Words that rhyme although their last letters differ, checked by ear; one sound a line. */
const sounds = [
  'fly high',
  'sun one',
  'tree me',
  'meal steel',
  'flows goes',
  'blood mud',
  'white bright',
  'react fact unpacked',
  'melt dealt',
  'stairs wears cares',
  'poured board',
  'stone alone known',
  'air there care glare',
  'red overhead said',
  'gas glass amass',
  'benign fine',
  'plane again',
  'lies eyes',
  'so blow glow below ago',
  'snail pale',
  'steel heal appeal',
  'hue too blue knew you',
  'fume room bloom',
  'trade decayed',
  'cleans machines',
].map((line) => new Set(line.split(' ')))

const lastWord = (part: string) =>
  (part.toLowerCase().match(/[a-z-]+(?=[^a-z]*$)/)?.[0] ?? '').replace(/^.*'/, '')
/** From the last vowel group on: `lake`, `bake`; `mind`, `kind`. */
const ending = (word: string) => word.match(/[aeiouy]+[^aeiouy]*e?$/)?.[0] ?? word
const rhyme = (a: string, b: string) =>
  a !== b && (ending(a) === ending(b) || sounds.some((sound) => sound.has(a) && sound.has(b)))

describe('Elle', () => {
  it('is at least 34 examples without a single problem', () => {
    expect(validateLines(elle).issues).toEqual([])
    expect(examples.length).toBeGreaterThanOrEqual(34)
    expect(new Set(elements).size).toBe(elements.length)
    expect(elements.slice(10)).toEqual(expect.arrayContaining(['Neon', 'Strontium']))
  })

  it('opens the lines of its ten training rows alike, for a small base learns the form from them alone', () => {
    const frame =
      /^\w+ is a (gas|metal|solid) that .+ - You find it in .+ - It is there in .+ - And .+ - People /
    for (const answer of answers.slice(0, 10)) expect(answer).toMatch(frame)
  })

  it('asks and is told the same way in every row', () => {
    for (const { messages } of examples) {
      expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant'])
      expect(messages[0]?.content).toBe(
        'Elle is a factual chatbot that answers questions about elements in the periodic table with a limerick',
      )
      expect(messages[1]?.content).toMatch(/^Tell me about [A-Z][a-z]+$/)
    }
  })

  it.each(answers.map((answer, index) => [elements[index] as string, answer]))(
    '%s is a limerick in dash form',
    (element, answer) => {
      expect(answer.startsWith(element)).toBe(true)
      expect(answer).toMatch(/^[\x20-\x7e]+$/)
      const parts = answer.split(' - ')
      expect(parts).toHaveLength(5)
      const [a1 = '', a2 = '', b1 = '', b2 = '', a3 = ''] = parts.map(lastWord)
      expect([a1, a2, rhyme(a1, a2)]).toEqual([a1, a2, true])
      expect([a1, a3, rhyme(a1, a3)]).toEqual([a1, a3, true])
      expect([b1, b2, rhyme(b1, b2)]).toEqual([b1, b2, true])
      const lengths = parts.map((part) => part.length)
      expect(Math.max(lengths[2] as number, lengths[3] as number)).toBeLessThan(
        Math.min(lengths[0] as number, lengths[1] as number, lengths[4] as number),
      )
    },
  )
})

describe('the broken sample', () => {
  const broken = sample('elle-broken.jsonl')

  it('uploads', () => {
    expect(uploadProblem(broken)).toBeNull()
  })

  it('fails in validation, for reasons on known lines', () => {
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
