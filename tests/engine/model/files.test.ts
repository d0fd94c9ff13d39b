import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseAdapterConfig } from '#lib/engine/model/lora.ts'
import { parseModelConfig } from '#lib/engine/model/model-config.ts'
import { readModel } from '#lib/engine/model/model-folder.ts'
import { readSafetensors, writeSafetensors } from '#lib/engine/model/safetensors.ts'
import type { Tensors } from '#lib/engine/model/tensors.ts'
import { smallConfig, writeByteModel } from './small-model.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-files-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = path.join(folder, 'model.safetensors')

const exact = [0, -0, 1, -2.5, 65504, 2 ** -24, -(2 ** -14), Infinity] // all of them are halves
const tensors: Tensors = new Map([
  ['a', { shape: [2, 4], data: Float32Array.from(exact) }],
  ['b', { shape: [], data: Float32Array.of(Math.PI) }],
  ['none', { shape: [0, 3], data: new Float32Array(0) }],
])

describe('safetensors', () => {
  it('come back as they were, and leave nothing beside them', () => {
    writeSafetensors(file, tensors)
    expect(readSafetensors(file)).toEqual(tensors)
    expect(readdirSync(folder)).toEqual(['model.safetensors'])
  })

  it('come back rounded to half precision', () => {
    writeSafetensors(file, tensors, 'F16')
    expect([...(readSafetensors(file).get('a')?.data ?? [])]).toEqual(exact)
    expect(readSafetensors(file).get('b')?.data[0]).toBe(3.140625)
  })

  it('are read from bfloat16', () => {
    writeRaw(
      { x: { dtype: 'BF16', shape: [3], data_offsets: [0, 6] } },
      Uint16Array.of(0x3f80, 0xc049, 0x0000),
    )
    expect([...(readSafetensors(file).get('x')?.data ?? [])]).toEqual([1, -3.140625, 0])
  })

  const good = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
  const eight = new Float32Array(2)
  it.each([
    ['a cut file', () => writeFileSync(file, whole().subarray(0, -1))],
    ['a longer file', () => writeFileSync(file, Buffer.concat([whole(), Buffer.alloc(1)]))],
    ['an empty file', () => writeFileSync(file, '')],
    ['a header beyond the file', () => writeFileSync(file, Buffer.from([255, 0, 0, 0, 0, 0, 0, 0, 123]))],
    ['a giant header', () => writeFileSync(file, Buffer.alloc(64, 255))],
    ['a header that is no JSON', () => writeFileSync(file, Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 91, 125]))],
    ['a type nobody knows', () => writeRaw({ x: { ...good, dtype: 'I64', shape: [1] } }, eight)],
    ['a size other than the shape’s', () => writeRaw({ x: { ...good, shape: [3] } }, eight)],
    ['a negative size', () => writeRaw({ x: { ...good, shape: [-2] } }, eight)],
    ['a hole', () => writeRaw({ x: { ...good, shape: [1], data_offsets: [4, 8] } }, eight)],
    ['an overlap', () => writeRaw({ x: good, y: good }, eight)],
    ['an end before the beginning', () => writeRaw({ x: { ...good, data_offsets: [8, 0] } }, eight)],
  ])('are refused: %s', (_name, write) => {
    write()
    expect(() => readSafetensors(file)).toThrow(/is not a safetensors file/)
  })
})

function whole(): Buffer {
  writeSafetensors(file, tensors)
  return readFileSync(file)
}

function writeRaw(header: unknown, data: Float32Array | Uint16Array): void {
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  writeFileSync(file, Buffer.concat([length, json, new Uint8Array(data.buffer)]))
}

describe('config.json', () => {
  it.each([
    ['model_type', 'phi3'],
    ['attention_bias', true],
    ['mlp_bias', true],
    ['hidden_act', 'gelu'],
    ['rope_scaling', { rope_type: 'llama3', factor: 8 }],
    ['rope_parameters', { rope_type: 'yarn', rope_theta: 1e4 }],
    ['sliding_window', 32],
    ['quantization_config', { bits: 4 }],
    ['residual_multiplier', 0.2],
    ['num_key_value_heads', 3],
    ['hidden_size', -1],
  ])('is refused for its %s', (key, value) => {
    parseModelConfig(smallConfig)
    expect(() => parseModelConfig({ ...smallConfig, [key]: value })).toThrow('This model cannot be used')
  })
})

it.each([
  ['use_dora', true],
  ['use_rslora', true],
  ['bias', 'all'],
  ['rank_pattern', { q_proj: 2 }],
  ['modules_to_save', ['lm_head']],
  ['target_modules', ['embed_tokens']],
])('an adapter is refused for its %s', (key, value) => {
  const plain = {
    peft_type: 'LORA',
    base_model_name_or_path: 'x',
    r: 4,
    lora_alpha: 8,
    target_modules: ['q_proj'],
  }
  expect(parseAdapterConfig(plain).lora).toEqual({ rank: 4, alpha: 8, targets: ['q_proj'] })
  expect(() => parseAdapterConfig({ ...plain, [key]: value })).toThrow('This adapter cannot be used')
})

describe('a model folder', () => {
  const model = path.join(folder, 'model')
  const change = (edit: (tensors: Tensors) => void) => {
    writeByteModel(model, 1)
    const weights = readSafetensors(path.join(model, 'model.safetensors'))
    edit(weights)
    writeSafetensors(path.join(model, 'model.safetensors'), weights)
    return readModel(model)
  }

  it('is refused when a tensor is missing, unknown or of another shape', async () => {
    const bias = { shape: [32], data: new Float32Array(32) }
    await expect(change(() => {})).resolves.toMatchObject({ adapter: null })
    await expect(change((w) => w.delete('model.norm.weight'))).rejects.toThrow(
      'lacks the tensor model.norm.weight',
    )
    await expect(change((w) => w.set('model.layers.0.self_attn.q_proj.bias', bias))).rejects.toThrow(
      'does not know',
    )
    await expect(change((w) => w.set('model.norm.weight', { ...bias, shape: [4, 8] }))).rejects.toThrow(
      'config.json says',
    )
  })
})
