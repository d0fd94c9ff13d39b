/** What goes into an export, from folders as they are published. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { type ExportFile, mergedFiles } from '#lib/engine/export/files.ts'
import { openWeights } from '#lib/engine/export/lazy-weights.ts'
import { hubId, readLicence } from '#lib/engine/export/readme.ts'
import { readModel } from '#lib/engine/model/model-folder.ts'
import {
  decodeTensor,
  listSafetensors,
  readSafetensors,
  writeSafetensors,
} from '#lib/engine/model/safetensors.ts'

const golden = fileURLToPath(new URL('../../fixtures/golden', import.meta.url))
const scratch = mkdtempSync(path.join(tmpdir(), 'limerick-files-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const copyOf = (name: string): string => {
  const folder = path.join(scratch, `${name}-${Math.random().toString(36).slice(2)}`)
  cpSync(path.join(golden, name), folder, { recursive: true })
  return folder
}

function write(files: readonly ExportFile[]): string {
  const folder = mkdtempSync(path.join(scratch, 'written-'))
  for (const { name, size, chunks } of files) {
    const bytes = Buffer.concat([...chunks()])
    expect(bytes.length, name).toBe(size)
    writeFileSync(path.join(folder, name), bytes)
  }
  return folder
}

describe.each(['llama-tied', 'llama-untied-sharded', 'smollm2-bf16', 'qwen3', 'gemma3'])('%s', (name) => {
  const folder = path.join(golden, name)

  it('is opened as it is read', async () => {
    const [{ weights }, expected] = [await openWeights(folder), await readModel(folder)]
    expect([...weights.keys()].sort()).toEqual([...expected.weights.keys()].sort())
    for (const [key, { shape, read }] of weights) {
      const { data } = expected.weights.get(key) ?? { data: new Float32Array() }
      expect(shape).toEqual(expected.weights.get(key)?.shape)
      expect(
        Buffer.from(read().data.buffer).equals(Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
      ).toBe(true)
    }
  })

  it('keeps its bytes in one file', async () => {
    const opened = await openWeights(folder)
    const taken = write(mergedFiles({ folder, origin: folder }, opened))
    const found = listSafetensors(path.join(taken, 'model.safetensors'))
    for (const [key, { stored }] of opened.weights) {
      const tensor = found.get(key)
      expect(tensor?.dtype).toBe(stored?.dtype)
      expect(tensor && Buffer.from(tensor.bytes()).equals(Buffer.from(stored?.bytes() ?? []))).toBe(true)
    }
    expect((await readModel(taken)).weights.size).toBe(opened.weights.size)
  })
})

it('what is not a regular file stays out, and full weights need no base', async () => {
  const folder = copyOf('llama-tied')
  mkdirSync(path.join(folder, 'LICENSE'))
  rmSync(path.join(folder, 'README.md'), { force: true })
  execFileSync('mkfifo', ['NOTICE', 'README.md', 'special_tokens_map.json'], { cwd: folder })
  const opened = await openWeights(folder)
  const namesOf = (origin: string) => mergedFiles({ folder, origin }, opened).map(({ name }) => name)
  expect(namesOf(folder)).not.toContain('LICENSE')
  expect(namesOf(folder)).toEqual(namesOf(path.join(folder, 'nowhere')))
  expect(readLicence(folder)).toBeNull()
  write(mergedFiles({ folder, origin: folder }, opened))
})

it('bfloat16 stays bfloat16', async () => {
  const { weights } = await openWeights(path.join(golden, 'smollm2-bf16'))
  expect(new Set([...weights.values()].map(({ stored }) => stored?.dtype))).toEqual(new Set(['BF16']))
})

it('a tensor is decoded as the whole file is', () => {
  const file = path.join(golden, 'smollm2-bf16', 'model.safetensors')
  const [all, listed] = [readSafetensors(file), listSafetensors(file)]
  for (const [name, tensor] of listed) expect(decodeTensor(tensor)).toEqual(all.get(name))
})

it('another output projection than the tied embeddings is refused', async () => {
  const folder = copyOf('llama-tied')
  const file = path.join(folder, 'model.safetensors')
  const tensors = readSafetensors(file)
  const embeddings = tensors.get('model.embed_tokens.weight')
  if (!embeddings) throw new Error('no embeddings')
  writeSafetensors(file, new Map([...tensors, ['lm_head.weight', embeddings]]))
  expect([...(await openWeights(folder)).weights.keys()]).not.toContain('lm_head.weight')
  const other = { shape: embeddings.shape, data: embeddings.data.map((value) => value + 1) }
  writeSafetensors(file, new Map([...tensors, ['lm_head.weight', other]]))
  await expect(openWeights(folder)).rejects.toThrow('another matrix')
})

describe('the base of an export', () => {
  const folderWith = (files: Record<string, string>) => {
    const folder = mkdtempSync(path.join(scratch, 'base-'))
    mkdirSync(folder, { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
    return folder
  }

  it.each([
    [
      'config.json, if the name is this model’s',
      { 'config.json': '{"_name_or_path":"some/Model-1B"}' },
      'some/Model-1B',
    ],
    ['no other name in config.json', { 'config.json': '{"_name_or_path":"some/other"}' }, 'model-1b'],
    ['no path in config.json', { 'config.json': '{"_name_or_path":"/a/b/model-1b"}' }, 'model-1b'],
    [
      'where it was downloaded',
      { 'config.json': '{}', 'limerick.json': '{"repo":"a/b","licence":null}' },
      'a/b',
    ],
  ])('has the hub id of %s', (_, files, id) => {
    expect(hubId(folderWith(files), 'model-1b')).toBe(id)
  })

  it.each([
    ['its model card', { 'README.md': '---\nlicense: mit\ntags: [a]\n---\n# Model' }, 'mit'],
    [
      'its own name for it',
      { 'README.md': '---\nlicense: other\nlicense_name: llama3.2\n---\n' },
      'llama3.2',
    ],
    ['the hub', { 'limerick.json': '{"repo":"a/b","licence":"gemma"}' }, 'gemma'],
    ['nowhere', { 'README.md': '# license: mit' }, null],
  ])('has the licence of %s', (_, files, licence) => {
    expect(readLicence(folderWith(files))).toBe(licence)
  })
})
