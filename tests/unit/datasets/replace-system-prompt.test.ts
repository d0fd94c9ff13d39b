import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readColumns } from '#lib/datasets/worker/facts.ts'
import { SystemPromptReplacer } from '#lib/datasets/worker/replace-system-prompt.ts'
import { withSystem } from '#lib/datasets/worker/system-prompt.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'

const turn = fc.record({
  role: fc.constantFrom('system', 'developer', 'user', 'assistant'),
  content: fc.constantFrom('Old', 'New', 'a "quoted" {word}', '', 'é\n'),
})
const messages = fc.array(turn, { minLength: 1, maxLength: 4 })
const written = [
  (turns: unknown) => JSON.stringify({ messages: turns }),
  (turns: unknown) => JSON.stringify({ messages: turns, x: 1 }, null, 1).replaceAll('\n', ''),
  (turns: unknown) => JSON.stringify({ tools: [], messages: turns }),
  (turns: unknown) => JSON.stringify({ messages: turns }).replace(/}$/, ',"messages":[]}'),
  (turns: unknown) =>
    JSON.stringify({ input: { messages: turns }, preferred_output: turns, non_preferred_output: turns }),
]
const line = fc.tuple(messages, fc.constantFrom(...written)).map(([turns, write]) => write(turns))

const isInstruction = ({ role }: { role: string }) => role === 'system' || role === 'developer'

describe('replacing the system prompt', () => {
  it('gives the same line whether parsed or matched by its beginning', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 30 }),
        fc.constantFrom('', 'New', 'Two\nlines'),
        (lines, to) => {
          const replacer = new SystemPromptReplacer(to)
          for (const text of lines) {
            expect(replacer.change(text, readColumns(lineOf(text, 1)))).toBe(withSystem(text, to).line)
          }
        },
      ),
    )
  })

  it('changes nothing else in a line', () => {
    fc.assert(
      fc.property(messages, fc.constantFrom('', 'New'), (turns, to) => {
        const after = JSON.parse(withSystem(JSON.stringify({ messages: turns }), to).line)
        const at = turns.findIndex(isInstruction)
        const own = { role: turns[at]?.role ?? 'system', content: to }
        const expected = turns.toSpliced(Math.max(0, at), at === -1 ? 0 : 1, ...(to === '' ? [] : [own]))
        expect(after).toEqual({ messages: expected })
      }),
    )
  })
})
