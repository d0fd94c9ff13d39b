/** Models share what memory there is: one that needs more than is free takes that of models nobody asks now. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { emptyCache } from '#lib/engine/model/decoder.ts'
import { createModels, type Writer } from '#lib/engine/worker/loaded-models.ts'
import { writeByteModel } from './small-model.ts'

const PLENTY = 1e12
let folder: string
const inside = (name: string) => path.join(folder, name)

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'limerick-loaded-'))
  for (const [seed, name] of ['one', 'two'].entries()) writeByteModel(inside(name), seed)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** @param free what is free each time that somebody looks; the last value stays */
function modelsWith(free: number[], inUse: Writer[] = []) {
  const models = createModels(
    1,
    () => inUse,
    () => (free.length > 1 ? (free.shift() as number) : (free[0] as number)),
  )
  return (name: string) => models.open(inside(name), false, async () => undefined)
}

it('refuses a model that needs more than is free, and says how much', async () => {
  const open = modelsWith([1000])
  await expect(open('one')).rejects.toMatchObject({
    code: 'unavailable',
    message: /^Answering with this model needs \d+ MB of memory, and 0 MB is free\. Close other programs/,
  })
})

it('keeps a model that is open, however little is free since', async () => {
  const open = modelsWith([PLENTY, 0])
  expect(await open('one')).toBe(await open('one'))
})

it('gives up a model that nobody uses, and keeps the session of one in use', async () => {
  const inUse: Writer[] = []
  const open = modelsWith([PLENTY, PLENTY, 0, PLENTY], inUse)
  const one = await open('one')
  inUse.push(one)
  const two = await open('two')
  writeByteModel(inside('three'), 3)
  await open('three') // there was not enough until the others were given up
  expect(await open('two')).not.toBe(two)
  const read = ({ decoder }: Writer) => decoder.read([5], emptyCache(decoder.architecture, 8))
  await expect(read(two)).rejects.toThrow()
  expect((await read(one)).length).toBe(one.decoder.architecture.vocabulary)
})
