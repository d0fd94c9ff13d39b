import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { previewImport } from '#lib/datasets/preview.ts'
import type { ImportPlan } from '#lib/training-data/formats/plan.ts'
import { TrainingLine } from '#lib/training-data/schema.ts'
import { json, leftIn, openIn } from '../../support/field-formats.ts'
import { problems, rowsIn, say, text } from '../../support/field-previews.ts'
import { verdicts } from '../../support/field-verdicts.ts'

const file = (name: string) => readFileSync(`tests/fixtures/field/${name}`)
const look = (name: string, plan?: ImportPlan) => previewImport(file(name), { name, plan })

describe('files that people had', () => {
  it.each(verdicts)('$file', async ({ file: name, ...verdict }) => {
    const preview = await look(name)
    expect(preview.plan.mapping.shape).toBe(verdict.shape)
    expect(rowsIn(preview)).toHaveLength(verdict.rows)
    expect(problems(preview)).toEqual(verdict.problems ?? [])
    expect(leftIn(preview)).toEqual(verdict.left ?? [])
    expect(preview.notes).toEqual(verdict.notes ?? {})
    expect(openIn(preview)).toBe(verdict.open ?? null)
    expect(rowsIn(preview)[0] ?? {}).toMatchObject(verdict.first ?? {})
    if (verdict.shape !== 'lines') for (const row of rowsIn(preview)) TrainingLine.parse(row)
  })

  it('without tools where they were blank, and only there', async () => {
    const without = rowsIn(await look('31-sharegpt-function-call-observation.json')).filter(
      (row) => !('tools' in row),
    )
    expect(without).toHaveLength(1)
  })

  it('whose disliked answers stay out, or become the worse of a pair', async () => {
    const name = '28-kto-thumbs.jsonl'
    const thumbs = (keep: 'liked' | 'pairs'): ImportPlan => ({
      container: 'jsonl',
      mapping: { shape: 'thumbs', label: 'label', keep },
    })
    const liked = await look(name, thumbs('liked'))
    expect(rowsIn(liked)).toHaveLength(5)
    expect(JSON.stringify(rowsIn(liked))).not.toContain('Something chemical')
    expect(liked.notes).toEqual({ 'disliked-left-out': 5 })
    // No prompt has both.
    expect(problems(await look(name, thumbs('pairs')))).toEqual(Array(10).fill('no-partner'))
    const both = [true, false].map((label) => ({ prompt: 'Q', completion: label ? 'good' : 'bad', label }))
    expect(rowsIn(await text('a.json', json(both), { ...thumbs('pairs'), container: 'json' }))).toEqual([
      {
        input: { messages: [say('user', 'Q')] },
        preferred_output: [say('assistant', 'good')],
        non_preferred_output: [say('assistant', 'bad')],
      },
    ])
  })

  it('whose retries become pairs when that is wanted', async () => {
    const mapping = { shape: 'chat-tree', retries: 'pairs' } as const
    const preview = await look('40-chat-export-tree.json', { container: 'json', mapping })
    expect(rowsIn(preview)[0]).toEqual({
      input: { messages: [say('user', 'What is boron?')] },
      preferred_output: [say('assistant', 'It stiffens glass and hides in laundry soap.')],
      non_preferred_output: [say('assistant', '(a rejected retry)')],
    })
  })
})
