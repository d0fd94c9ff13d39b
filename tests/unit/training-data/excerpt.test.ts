import { expect, test } from 'vitest'
import { excerptAt } from '#lib/training-data/excerpt.ts'

const marked = (line: string, column: number | null) => {
  const { text, at } = excerptAt(line, column)
  return at === null ? text : `${text.slice(0, at)}^${text.slice(at)}`
}

test('a short line is shown whole, with the place of the column', () => {
  expect(marked('{"a": nul}', 7)).toBe('{"a": ^nul}')
  expect(marked('{"a": 1', 8)).toBe('{"a": 1^')
  expect(marked('', 1)).toBe('^')
})

test('of a long line the surroundings are shown', () => {
  const line = `${'a'.repeat(500)}!${'b'.repeat(500)}`
  expect(marked(line, 501)).toBe(`…${'a'.repeat(60)}^!${'b'.repeat(119)}…`)
  expect(marked(line, null)).toBe(`${'a'.repeat(120)}…`)
})

test('a column beyond the line is its end', () => expect(marked('{}', 99)).toBe('{}^'))

test('no character is cut in two', () => {
  const { text } = excerptAt('😀'.repeat(400), 301)
  expect(text.isWellFormed()).toBe(true)
  expect(excerptAt('😀'.repeat(400), 302).text.isWellFormed()).toBe(true)
})
