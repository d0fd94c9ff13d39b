/**
 * Which tokens are learnt: `limerick_trainer` against what the studio shows and the built-in trainer learns. Only where
 * LIMERICK_PYTHON names an interpreter with its libraries, from which the published templates are taken.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { encodeConversation } from '#lib/engine/model/conversation.ts'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import { trainingTurns } from '#lib/engine/model/training-turns.ts'
import { LABEL_ROWS, LABEL_TEMPLATES, type LabelRow, labelFolder } from '#tests/support/label-cases.ts'

const python = process.env.LIMERICK_PYTHON
const root = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url))

interface Labelled {
  ids: number[]
  /** The id where it is learnt, else -100. */
  labels: number[]
}

const IGNORED = -100

const hasTools = ({ tools, messages }: LabelRow): boolean =>
  tools !== undefined || messages.some(({ tool_calls }) => tool_calls !== undefined)

function ours(folder: string): Labelled[][] {
  const tokenizer = readTokenizer(folder)
  return LABEL_ROWS.map((row) =>
    hasTools(row)
      ? []
      : encodeConversation(tokenizer, trainingTurns(row), new Date()).map(({ ids, weights }) => ({
          ids: Array.from(ids),
          labels: Array.from(ids, (id, at) => ((weights[at] ?? 0) > 0 ? id : IGNORED)),
        })),
  )
}

describe.runIf(python)('the labels of limerick_trainer', () => {
  const run = python ?? ''
  const to = mkdtempSync(path.join(tmpdir(), 'limerick-labels-'))
  afterAll(() => rmSync(to, { recursive: true }))

  test(`are those of the studio for ${LABEL_ROWS.length} conversations and ${LABEL_TEMPLATES.length} templates`, () => {
    const where = 'import trl, os; print(os.path.join(os.path.dirname(trl.__file__), "chat_templates"))'
    const from = execFileSync(run, ['-c', where], { encoding: 'utf8' }).trim()
    const folders = LABEL_TEMPLATES.map((template) => labelFolder(template, from, to))
    const said = execFileSync(run, [root('tests/support/labels.py')], {
      input: JSON.stringify({ folders, rows: LABEL_ROWS }),
      env: { ...process.env, PYTHONPATH: root('trainer') },
      maxBuffer: 1 << 28,
      encoding: 'utf8',
    })
    const theirs = said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as (Labelled[] | { refused: string })[])
    let compared = 0
    for (const [at, folder] of folders.entries())
      for (const [row, mine] of ours(folder).entries()) {
        const [name, other] = [`${LABEL_TEMPLATES[at]?.name}, row ${row}`, theirs[at]?.[row]]
        // Calls are refused, and tools that are only declared are read by trl alone.
        if (mine.length === 0) continue
        compared++
        if (mine.every(({ labels }) => labels.every((label) => label === IGNORED)))
          expect(other, name).toMatchObject({
            refused: expect.stringContaining('no message of it is learnt'),
          })
        else expect(other, name).toEqual(mine)
      }
    expect(compared).toBe(LABEL_TEMPLATES.length * (LABEL_ROWS.length - 3))
  }, 300_000)
})

test('rows with tool calls are refused before any trainer sees them', () => {
  const calls = LABEL_ROWS.filter(({ messages }) => messages.some(({ tool_calls }) => tool_calls))
  expect(calls).toHaveLength(2)
  for (const row of calls) expect(() => trainingTurns(row)).toThrow('tool calls are not known to this model')
})
