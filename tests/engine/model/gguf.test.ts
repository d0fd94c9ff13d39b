/** GGUF files, read back. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ggufFile } from '#lib/engine/export/gguf-model.ts'
import { openWeights } from '#lib/engine/export/lazy-weights.ts'
import { readModel } from '#lib/engine/model/model-folder.ts'
import { type GgufFile, quantised, readGguf } from '#tests/support/gguf.ts'

const base = fileURLToPath(new URL('../../../lib/engine/base', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'limerick-gguf-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Steps of a block: half of one, and the rounding of its scale. */
const MOST = 0.57

describe('the shipped model as GGUF', () => {
  let read: GgufFile
  beforeAll(() => {
    const file = path.join(folder, 'base.gguf')
    execFileSync(process.execPath, ['lib/engine/export/main.ts', base, file, 'q8_0'])
    read = readGguf(readFileSync(file))
  })

  it('names its architecture, its sizes, its tokens, its template and its end', async () => {
    const tokenizer = JSON.parse(readFileSync(path.join(base, 'tokenizer.json'), 'utf8'))
    const { metadata } = read
    expect(Object.fromEntries(metadata)).toMatchObject({
      'general.architecture': 'llama',
      'llama.block_count': 6,
      'llama.attention.head_count_kv': 4,
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'gpt-2',
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.ggml.add_bos_token': false,
    })
    const tokens = metadata.get('tokenizer.ggml.tokens') as string[]
    expect(tokens).toHaveLength(4096)
    expect(tokens.slice(0, 3)).toEqual(['<|endoftext|>', '<|im_start|>', '<|im_end|>'])
    expect(metadata.get('tokenizer.ggml.merges')).toHaveLength(tokenizer.model.merges.length)
    expect(metadata.get('tokenizer.chat_template')).toContain('add_generation_prompt')
  })

  it('holds each weight within half a step of its block', async () => {
    const { weights } = await readModel(base)
    const down = weights.get('model.layers.3.mlp.down_proj.weight')
    const found = read.tensors.get('blk.3.ffn_down.weight')
    expect(found).toMatchObject({ shape: [640, 256], type: 8 })
    for (let block = 0; block < 200; block++) {
      const numbers = Array.from(down?.data.subarray(block * 32, (block + 1) * 32) ?? [])
      const step = Math.max(...numbers.map(Math.abs)) / 127
      for (const [i, number] of numbers.entries())
        expect(Math.abs(quantised(found?.bytes as Buffer, block * 32 + i) - number)).toBeLessThanOrEqual(
          MOST * step,
        )
    }
    expect(read.tensors.get('output_norm.weight')).toMatchObject({ shape: [256], type: 0 })
  })

  it('lays the halves of each rotated pair side by side', async () => {
    const { weights, architecture } = await readModel(base)
    const query = weights.get('model.layers.0.self_attn.q_proj.weight')?.data as Float32Array
    const found = read.tensors.get('blk.0.attn_q.weight')?.bytes as Buffer
    const half = architecture.headDim / 2
    // Row 1 of the file is row `half` of the model: the second half of pair 0.
    const step = Math.max(...query.subarray(half * 256, half * 256 + 32).map(Math.abs)) / 127
    for (let i = 0; i < 32; i++)
      expect(Math.abs(quantised(found, 256 + i) - (query[half * 256 + i] as number))).toBeLessThanOrEqual(
        MOST * step,
      )
  })
})

it('is refused for families that llama.cpp lays out in another way than we know', async () => {
  const gemma = fileURLToPath(new URL('../../fixtures/golden/gemma3', import.meta.url))
  const model = { name: 'gemma', folder: gemma, ...(await openWeights(gemma)) }
  expect(() => ggufFile({ ...model, type: 'F16' })).toThrow('gemma3_text')
})
