import { expect, test } from 'vitest'
import { questionsAfter } from '#components/playground/use-held-out-questions.ts'

test('the next question is the one after the one that was asked, and after the last comes the first', () => {
  const all = ['a', 'b', 'c']
  expect(questionsAfter(all, ' b ')).toEqual(['c', 'a'])
  expect(questionsAfter(all, 'c')).toEqual(['a', 'b'])
  expect(questionsAfter(all, 'another')).toEqual(all)
  expect(questionsAfter(['a'], 'a')).toEqual([])
})
