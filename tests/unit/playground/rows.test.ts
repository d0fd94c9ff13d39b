import { describe, expect, test } from 'vitest'
import { asksFor, exampleLine, preferenceLine } from '#components/playground/rows.ts'

const asked = { system: 'Be brief.', prompt: 'Tell me about "Neon"', earlier: [] }

describe('the question of a row', () => {
  test.each([
    ['an example', exampleLine(asked, 'It glows.')],
    ['a preference', preferenceLine(asked, 'It glows.', 'It sinks.')],
    ['another system prompt', exampleLine({ ...asked, system: '' }, 'x')],
  ])('of %s', (_, line) => {
    expect(asksFor(line, asked.prompt)).toBe(true)
    expect(asksFor(line, '  tell me ABOUT\n"neon"')).toBe(true)
    expect(asksFor(line, 'Tell me about Neon')).toBe(false)
  })

  test.each(['', '{', '[]', '{"messages":"none"}', '{"messages":[]}'])('%j has no question', (line) =>
    expect(asksFor(line, 'x')).toBe(false),
  )
})
