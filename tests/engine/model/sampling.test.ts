import { expect, it } from 'vitest'
import { createRandom } from '#lib/core/random.ts'
import { largest, logProbabilities, sample } from '#lib/engine/model/sampler.ts'
import { createTextStream } from '#lib/engine/model/text-stream.ts'

const logits = Float32Array.of(Math.log(0.5), Math.log(0.3), Math.log(0.15), Math.log(0.05))

/** Shares of each token among many draws. */
function shares(options: { temperature: number; topP: number }, seed = 1): number[] {
  const random = createRandom(seed)
  const counts = [0, 0, 0, 0]
  for (let i = 0; i < 20_000; i++) {
    const id = sample(logits, options, random)
    counts[id] = (counts[id] ?? 0) + 1
  }
  return counts.map((count) => count / 20_000)
}

const near = (found: number[], expected: number[]) =>
  found.forEach((share, id) => void expect(share, `token ${id}`).toBeCloseTo(expected[id] as number, 1.7))

it('takes the likeliest at temperature 0', () => {
  expect(shares({ temperature: 0, topP: 1 })).toEqual([1, 0, 0, 0])
})

it('draws as the probabilities say, sharper or flatter by temperature', () => {
  near(shares({ temperature: 1, topP: 1 }), [0.5, 0.3, 0.15, 0.05])
  const squared = [0.25, 0.09, 0.0225, 0.0025].map((value) => value / 0.365)
  near(shares({ temperature: 0.5, topP: 1 }), squared)
})

it('draws from the nucleus alone', () => {
  near(shares({ temperature: 1, topP: 0.7 }), [0.625, 0.375, 0, 0])
  expect(shares({ temperature: 1, topP: 0.5 })).toEqual([1, 0, 0, 0])
  expect(shares({ temperature: 2, topP: 0 })).toEqual([1, 0, 0, 0])
})

it('repeats itself with the same seed, and not with another', () => {
  const draw = (seed: number) => {
    const random = createRandom(seed)
    return Array.from({ length: 50 }, () => sample(logits, { temperature: 1, topP: 0.99 }, random))
  }
  expect(draw(5)).toEqual(draw(5))
  expect(draw(5)).not.toEqual(draw(6))
})

it('reports log-probabilities of the model itself', () => {
  const found = logProbabilities(logits.map((logit) => logit + 100))
  ;[0.5, 0.3, 0.15, 0.05].forEach((p, id) => void expect(found[id]).toBeCloseTo(Math.log(p), 5))
  expect(largest(found, 2)).toEqual([0, 1])
  expect(largest(Float64Array.of(1, 3, 2, 5), 3)).toEqual([3, 1, 2])
  expect(largest(found, 0)).toEqual([])
  expect(largest(found, 9)).toEqual([0, 1, 2, 3])
})

const bytes = (text: string) => new TextEncoder().encode(text)

/** What is shown after each token, and at the end. */
function shown(tokens: (string | Uint8Array)[], stops: string[] = []) {
  const stream = createTextStream<number>(stops)
  const parts = tokens.map((token, i) => stream.push(typeof token === 'string' ? bytes(token) : token, i))
  const texts = [...parts, stream.flush()].map((pieces) => pieces.map((piece) => piece.text).join(''))
  return { texts, tags: [...parts].flat().map((piece) => piece.tag), stopped: stream.stopped }
}

it('shows whole characters only', () => {
  const flask = bytes('🧪')
  const { texts, tags } = shown([flask.slice(0, 1), flask.slice(1, 3), flask.slice(3), '!'])
  expect(texts).toEqual(['', '', '🧪', '!', ''])
  expect(tags).toEqual([0, 1, 2, 3]) // every token is told, also without text of its own
  expect(shown(['a', flask.slice(0, 2)]).texts).toEqual(['a', '', '']) // half a character is dropped
})

it('never shows a stop string, wherever the tokens cut it', () => {
  expect(shown(['one', ' S', 'TO', 'P', ' two'], ['STOP'])).toEqual({
    texts: ['one', '', '', ' ', '', ''],
    tags: [0, 1],
    stopped: true,
  })
  expect(shown(['aXSTOPb'], ['STOP']).texts).toEqual(['aX', ''])
  expect(shown(['a\n', '\n', 'b'], ['\n\n']).texts.join('')).toBe('a')
})

it('shows what only looked like a stop string', () => {
  expect(shown(['ST', 'OOP'], ['STOP']).texts).toEqual(['', 'STOOP', ''])
  expect(shown(['the end S'], ['STOP']).texts.join('')).toBe('the end S')
  expect(shown(['aab'], ['ab', 'aabb']).texts.join('')).toBe('a')
})

it('ends at the first of several', () => {
  expect(shown(['a', 'b', 'c', 'd'], ['d', 'bc', '']).texts.join('')).toBe('a')
})
