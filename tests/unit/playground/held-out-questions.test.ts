import { expect, test } from 'vitest'
import { expectedFor, questionsAfter } from '#components/playground/use-held-out-questions.ts'

const rows = ['a', 'b', 'c'].map((question) => ({
  question,
  answer: question === 'c' ? null : `${question}!`,
}))

test('the next question is the one after the one that was asked, and after the last comes the first', () => {
  expect(questionsAfter(rows, ' b ')).toEqual(['c', 'a'])
  expect(questionsAfter(rows, 'c')).toEqual(['a', 'b'])
  expect(questionsAfter(rows, 'another')).toEqual(['a', 'b', 'c'])
  expect(questionsAfter(rows.slice(0, 1), 'a')).toEqual([])
})

test('the expected answer is that of the row with this question', () => {
  expect(expectedFor(rows, 'b ')).toBe('b!')
  expect(expectedFor(rows, 'c')).toBeNull()
  expect(expectedFor(rows, 'another')).toBeNull()
})
