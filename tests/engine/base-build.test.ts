import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SYMBOLS } from '#lib/demo/elements.ts'
import { judgeElementFact } from '#lib/demo/judge-element-fact.ts'
import { rhymes } from '#lib/demo/rhyme.ts'
import { build } from '#lib/engine/base-build/build.ts'
import { conversation } from '#lib/engine/base-build/corpus.ts'
import { createDice } from '#lib/engine/base-build/dice.ts'
import { elements, factWordsOf } from '#lib/engine/base-build/facts.ts'
import { proseAbout } from '#lib/engine/base-build/prose.ts'
import { type Recipe, SHORT } from '#lib/engine/base-build/recipe.ts'
import { families, rimeOf } from '#lib/engine/base-build/rhymes.ts'
import { styleOf, verseAbout } from '#lib/engine/base-build/verse.ts'
import { lastWord } from '#lib/engine/base-build/words.ts'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import { createGenerator } from '#lib/engine/worker/generate.ts'
import { untilTrue } from '#tests/support/until.ts'

describe('the text', () => {
  const dice = createDice(20)
  const conversations = Array.from({ length: 12_000 }, () => conversation(dice))
  const texts = conversations.flatMap((turns) => turns.map(({ content }) => content))

  it('never names what a user teaches, and has neither its five parts nor a verse of five lines', () => {
    const parts = (text: string, between: RegExp) => text.split(between).length
    const lines = (text: string) => (/[:=]/.test(text) ? 0 : parts(text, / [/|*] |\n/))
    expect(texts.filter((text) => /limeri/i.test(text))).toEqual([])
    expect(texts.filter((text) => parts(text, /\s[-–—]\s/) === 5)).toEqual([])
    expect(texts.filter((text) => lines(text) === 5)).toEqual([])
  })

  it('has no gap where a fact should be', () => {
    const gaps = texts.filter((text) => text.trim() === '' || /undefined|null|\{(?!")|NaN/.test(text))
    expect(gaps).toEqual([])
  })

  it('is the same for the same seed', () => {
    const again = createDice(20)
    expect(conversations.slice(0, 200)).toEqual(Array.from({ length: 200 }, () => conversation(again)))
  })
})

describe('what is said', () => {
  it('is about the elements, in their order', () => {
    expect(elements.map(({ name, symbol }) => [name, symbol])).toEqual([...SYMBOLS])
  })

  it('holds no fact that another table of facts calls wrong', () => {
    const dice = createDice(1)
    for (const element of elements)
      for (let count = 0; count < 20; count++) {
        const text = proseAbout(dice, element)
        expect([text, judgeElementFact(text, element.name).foreign]).toEqual([text, null])
      }
  })

  it('knows its own words, ordinals included', () => {
    expect([...factWordsOf('Titanium')]).toEqual(
      expect.arrayContaining(['planes', 'ninth', '22', 'ti', '1791']),
    )
    expect(factWordsOf('Unobtainium').size).toBe(0)
  })

  it('rhymes by the pronouncing dictionary, never a word with itself', () => {
    const dice = createDice(2)
    for (let count = 0; count < 1500; count++) {
      const lines = verseAbout(dice, dice.pick(elements), styleOf(dice, 'abba', Infinity))
      const [a = '', b = '', c = '', d = ''] = lines.map(lastWord)
      expect([lines, rhymes(a, d), rhymes(b, c), a === d, b === c]).toEqual([lines, true, true, false, false])
    }
  })
})

let folder: string
const inside = (name: string) => path.join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'limerick-base-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const quiet = () => {}
const STEPS = 40
const recipe: Recipe = { ...SHORT, steps: STEPS }
const built = (name: string, seed = 1) =>
  build({ folder: inside(name), seed, recipe, minutes: null, log: quiet })
const bytes = (name: string, file = 'model.safetensors') =>
  readFileSync(path.join(inside(name), file)).toString('base64')

/** Kills a build after its first checkpoint, as a power cut would. */
async function buildAndKill(name: string): Promise<void> {
  const options = ['--short', '--steps', `${STEPS}`, '--save-every', '0', '--out', inside(name)]
  const main = 'lib/engine/base-build/main.ts'
  const child = spawn(process.execPath, ['--conditions=react-server', main, ...options], { stdio: 'ignore' })
  const isSaved = () =>
    existsSync(inside(name)) && readdirSync(inside(name)).some((file) => /^checkpoint-\d+$/.test(file))
  await untilTrue(isSaved)
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('a build', () => {
  it('gives the same bytes for the same seed, also when it was killed', async () => {
    await built('whole')
    await buildAndKill('killed')
    expect(existsSync(path.join(inside('killed'), 'model.safetensors'))).toBe(false)
    await built('killed')
    expect(bytes('killed')).toBe(bytes('whole'))
    expect(bytes('killed', 'tokenizer.json')).toBe(bytes('whole', 'tokenizer.json'))
    expect(readdirSync(inside('killed')).filter((file) => file.startsWith('checkpoint'))).toEqual([])
  })

  it('refuses to go on with another seed', async () => {
    await expect(built('whole', 2)).rejects.toThrow('another seed')
  })

  it('keeps rimes and ordinals whole', () => {
    const tokenizer = readTokenizer(inside('whole'))
    const pieces = (text: string) =>
      tokenizer.encode(text).map((id) => new TextDecoder().decode(tokenizer.bytes(id)))
    for (const word of families.flatMap(({ words }) => words))
      if (rimeOf(word)) expect(pieces(` ${word}`).at(-1)).toBe(rimeOf(word))
    expect(pieces('the 65th most')).toContain(' 65th')
  })

  it('is a model that answers', async () => {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const generator = createGenerator((report) => {
      if (report.kind === 'refused') reject(new Error(report.message))
      if (report.kind === 'finished') resolve(report.completionTokens)
    }, 1)
    const sampling = {
      maxTokens: 8,
      temperature: 1,
      topP: 1,
      seed: 1,
      stop: [],
      topLogprobs: null,
      exact: false,
    }
    const messages = [{ role: 'user' as const, content: 'Tell me about Neon' }]
    generator.start({ kind: 'generate', id: 'a', model: inside('whole'), messages, ...sampling })
    expect(await promise).toBeGreaterThan(0)
  })
})
