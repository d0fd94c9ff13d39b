import { describe, expect, test } from 'vitest'
import { AppError } from '#lib/core/errors.ts'
import { advance, type Column, emptyColumn, end, isOtherModel, speedOf } from '#lib/playground/columns.ts'
import type { AnswerFacts, CompareChunk } from '#lib/playground/schema.ts'

const facts: AnswerFacts = {
  promptTokens: 38,
  cachedTokens: null,
  completionTokens: 41,
  firstTokenMs: 40,
  totalMs: 440,
  finishReason: 'stop',
  reportedModel: 'limerick-base',
  requestId: 'chatcmpl-1',
  fingerprint: null,
  promptHash: '0123456789ab',
  cost: 0,
  answeredAt: 1,
}
const at = { place: 0, sample: 0 }
const name = { providerId: 'embedded', model: 'limerick-base', fewShot: 0 } as const
const began: CompareChunk = { type: 'began', ...at, name }
const token = (text: string, ms: number): CompareChunk => ({ type: 'token', ...at, text, ms })
const play = (...chunks: CompareChunk[]): Column => chunks.reduce(advance, emptyColumn)

describe('a column of the comparison', () => {
  test('grows token by token; the first one is timed once', () => {
    expect(play(began, token('Ne', 40), token('on', 55))).toMatchObject({
      state: 'streaming',
      text: 'Neon',
      facts: { firstTokenMs: 40, totalMs: 55 },
    })
  })

  test('shows the model as soon as the server names it', () => {
    const named = {
      type: 'named',
      ...at,
      reportedModel: 'limerick-base',
      requestId: 'chatcmpl-1',
    } as const
    expect(play(began, named, token('Ne', 40))).toMatchObject({
      facts: { reportedModel: 'limerick-base', requestId: 'chatcmpl-1', firstTokenMs: 40 },
    })
  })

  test('ends with the facts of its answer', () => {
    const column = play(began, token('Neon', 40), { type: 'finished', ...at, facts })
    expect(column).toEqual({ state: 'finished', text: 'Neon', name, facts, error: null, tokens: [] })
  })

  test('gathers the probabilities of its tokens', () => {
    const likely = { text: 'Ne', probability: 0.9, likeliest: [] }
    const column = play(
      began,
      { ...at, type: 'token', text: 'Ne', ms: 40, tokens: [likely] },
      token('on', 50),
    )
    expect(column).toMatchObject({ text: 'Neon', tokens: [likely] })
  })

  test('a new answer starts empty', () => {
    const column = play(began, token('old', 40), began)
    expect(column).toEqual({ ...emptyColumn, state: 'waiting', name })
  })

  test('stopping keeps the text and marks it; a finished answer stays finished', () => {
    expect(end(play(began, token('Ne', 40)), null)).toMatchObject({ state: 'stopped', text: 'Ne' })
    const finished = play(began, { type: 'finished', ...at, facts })
    expect(end(finished, null)).toBe(finished)
  })

  test('a lost connection interrupts a begun answer and fails one without text', () => {
    const lost = new AppError('unavailable', 'playground.connectionLost')
    expect(end(play(began, token('Ne', 40)), lost).state).toBe('interrupted')
    expect(end(play(began), lost)).toMatchObject({ state: 'failed', error: lost })
  })
})

describe('speed', () => {
  test('counts the tokens after the first and the time after the first', () => {
    expect(speedOf(facts)).toBeCloseTo(100)
  })
  test.each([
    [{ completionTokens: null }],
    [{ completionTokens: 1 }],
    [{ firstTokenMs: null }],
    [{ totalMs: 40 }],
  ])('is unknown for %o', (part) => expect(speedOf({ ...facts, ...part })).toBeNull())
})

describe('which model answered', () => {
  test.each([
    ['limerick-base', 'limerick-base', false],
    ['gpt-4o', 'gpt-4o-2024-08-06', false],
    ['gpt-4o', 'gpt-4o-mini-2024-07-18', true],
    ['ft:limerick-base:limerick:elle:AbCd1234', 'limerick-base', true],
    ['limerick-base', null, false],
    [null, 'limerick-base', false],
  ])('%s answering as %s', (asked, reported, other) => expect(isOtherModel(asked, reported)).toBe(other))
})
