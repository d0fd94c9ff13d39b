import { judgeElementFact } from '#lib/demo/judge-element-fact.ts'
import { judgeLimerick } from '#lib/demo/judge-limerick.ts'

const ELEMENTS =
  `Strontium Neon Gold Oxygen Copper Sodium Zinc Tin Argon Lead Lithium Nitrogen Fluorine Magnesium Aluminium Silicon
  Phosphorus Sulfur Chlorine Potassium Calcium Chromium Manganese Nickel Arsenic Selenium Bromine Krypton Zirconium
  Palladium Cadmium Iodine Xenon Caesium Barium Tungsten Platinum Bismuth Radium Uranium Helium Titanium Mercury Silver
  Iron Cobalt Carbon Hydrogen Boron Gallium Beryllium Germanium Antimony Rubidium`.split(/\s+/)
const ASKED = 40

interface Row {
  messages: { role: string; content: string }[]
}

/** What a training file of limericks about elements teaches, and whom to ask about what it does not hold. */
export function lessonIn(jsonl: string) {
  const rows = jsonl
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
  const asked = rows.map(({ messages }) => messages.at(-2)?.content ?? '').join('\n')
  return {
    rows: rows.length,
    system: rows[0]?.messages[0]?.content ?? '',
    /** Forty elements that no row is about. */
    unseen: ELEMENTS.filter((element) => !asked.includes(element)).slice(0, ASKED),
    /** Every line of every answer. */
    lines: new Set(rows.flatMap(({ messages }) => messages.at(-1)?.content.split(' - ') ?? [])),
  }
}
export type Lesson = ReturnType<typeof lessonIn>

export const questionOf = (element: string): string => `Tell me about ${element}`

const isForm = (text: string, element: string) => text.split(' - ').length === 5 && text.startsWith(element)
const isTrue = (text: string, element: string) => judgeElementFact(text, questionOf(element)).passed
const rhymes = (text: string) => judgeLimerick(text).passed

type Test = (text: string, element: string) => boolean

const counting =
  ({ unseen }: Lesson, texts: readonly string[]) =>
  (test: Test): number =>
    texts.filter((text, index) => test(text, unseen[index] ?? '')).length

/** Whether so many lines of an answer stand in no row. */
const isFresh =
  ({ lines }: Lesson, least: number): Test =>
  (text) =>
    text.split(' - ').filter((line) => !lines.has(line)).length >= least

/**
 * Counts of answers, one for each unseen element: form (five parts that begin with the element's name), AABBA, facts,
 * both of these, and fresh ones (three lines or more that no row holds).
 */
export function judged(lesson: Lesson, texts: readonly string[]): string {
  const count = counting(lesson, texts)
  return [
    `form ${count(isForm)}`,
    `AABBA ${count(rhymes)}`,
    `facts ${count(isTrue)}`,
    `both ${count((text, element) => rhymes(text) && isTrue(text, element))}`,
    `fresh ${count(isFresh(lesson, 3))} of ${lesson.unseen.length}`,
  ].join(', ')
}

/** Counts of form, AABBA, answers with two lines or more that no row holds, and different pairs of lines 3 and 4. */
export function countsOf(lesson: Lesson, texts: readonly string[]): string {
  const count = counting(lesson, texts)
  const pairs = new Set(texts.map((text) => text.split(' - ').slice(2, 4).join(' - ')))
  return `of ${lesson.unseen.length}: form ${count(isForm)}, AABBA ${count(rhymes)}, fresh ${count(isFresh(lesson, 2))}, pairs ${pairs.size}`
}

/** Answers that fail a judge first: what is worst is what should be looked at. */
export const worstFirst = ({ unseen }: Lesson, texts: readonly string[]): string[] =>
  texts
    .map((text, index) => {
      const element = unseen[index] ?? ''
      return {
        text,
        passed: [isForm(text, element), rhymes(text), isTrue(text, element)].filter(Boolean).length,
      }
    })
    .toSorted((a, b) => a.passed - b.passed)
    .map(({ text }) => text)
