/** A model taken away through `/v1` with a key, and by the studio's own address. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pointAlias } from '#lib/models/aliases.ts'
import { exportAddress } from '#lib/models/queries.ts'
import { GET as file } from '../../app/api/models/exports/file/route.ts'
import { GET as list } from '../../app/api/models/exports/route.ts'
import { workersOf } from '../support/engine.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'
import { unzip } from '../support/zip.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-taken-'))
const base = { providerId: 'embedded' as const, model: 'limerick-base' }
const merged = { format: 'merged' as const, type: null }

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
  await pointAlias({ name: 'near', ...base, why: '' })
  await pointAlias({ name: 'far-away', providerId: 'compatible', model: 'far', why: '' })
})
afterAll(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true })
})

const get = (name: string, query = '', key = gateway.key) =>
  fetch(`${gateway.baseURL}/models/${encodeURIComponent(name)}/export${query}`, {
    headers: { authorization: `Bearer ${key}` },
  })

const studio = (address: string, signal?: AbortSignal) => {
  const request = new Request(`http://localhost${address}`, signal ? { signal } : {})
  return address.includes('/file?') ? file(request, {}) : list(request, {})
}

describe('/v1', () => {
  test('lists what there is, by name or alias, and streams it whole', async () => {
    for (const name of ['limerick-base', 'near'])
      expect(await (await get(name)).json()).toMatchObject({
        object: 'list',
        data: [
          { format: 'gguf', type: 'q8_0', bytes: expect.any(Number), reason: null },
          { format: 'gguf', type: 'f16', bytes: expect.any(Number), reason: null },
          { format: 'merged', type: null, bytes: expect.any(Number), reason: null },
          { format: 'adapter', bytes: null, reason: expect.stringContaining('no adapter') },
        ],
      })
    const answer = await get('near', '?format=gguf&type=q8_0')
    expect(answer.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''limerick-base-gguf-q8_0.zip",
    )
    const bytes = new Uint8Array(await answer.arrayBuffer())
    expect(answer.headers.get('content-length')).toBe(String(bytes.length))
    expect((await unzip(bytes, folder)).sort()).toEqual([
      'limerick-base-gguf-q8_0/Modelfile',
      'limerick-base-gguf-q8_0/README.md',
      'limerick-base-gguf-q8_0/limerick-base-Q8_0.gguf',
    ])
  })

  test('refuses in OpenAI’s words', async () => {
    expect((await get('near', '', 'lk-wrong')).status).toBe(401)
    const refused = async (name: string, query: string) => {
      const answer = await get(name, query)
      return [answer.status, ((await answer.json()) as { error: unknown }).error]
    }
    expect(await refused('far-away', '?format=merged')).toMatchObject([
      400,
      { code: 'model_not_available', param: 'model' },
    ])
    expect(await refused('near', '?format=onnx')).toMatchObject([400, { param: 'format' }])
    expect(await refused('nobody', '?format=merged')).toMatchObject([404, { code: 'model_not_found' }])
  })

  test('ends with the caller', async () => {
    const leaving = new AbortController()
    const headers = { authorization: `Bearer ${gateway.key}` }
    await fetch(`${gateway.baseURL}/models/near/export?format=merged`, { headers, signal: leaving.signal })
    expect(workersOf(gateway.engine, 'export')).toHaveLength(1)
    leaving.abort()
    await until('the end of the export', () => workersOf(gateway.engine, 'export').length === 0)
  })
})

describe('the studio', () => {
  test('lists the formats of a model, and streams one', async () => {
    const offers = await (await studio(`/api/models/exports?${new URLSearchParams(base)}`)).json()
    expect(offers).toHaveLength(4)
    const answer = await studio(exportAddress(base, merged))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toContain('limerick-base-merged.zip')
    const bytes = new Uint8Array(await answer.arrayBuffer())
    expect(bytes.length).toBe(offers[2].bytes)
    await unzip(bytes, folder)
    const taken = readFileSync(path.join(folder, 'limerick-base-merged', 'model.safetensors'))
    const shipped = readFileSync('lib/engine/base/model.safetensors')
    // The same tensors; only the header differs.
    expect(taken.subarray(-1000).equals(shipped.subarray(-1000))).toBe(true)
  })

  test('ends with the browser that asked for it', async () => {
    const answer = await studio(exportAddress(base, merged))
    expect(workersOf(gateway.engine, 'export')).toHaveLength(1)
    await answer.body?.cancel()
    await until('the end of the export', () => workersOf(gateway.engine, 'export').length === 0)
  })

  test('refuses a model of another provider', async () => {
    const far = { providerId: 'compatible' as const, model: 'far' }
    const answer = await studio(exportAddress(far, merged))
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { key: 'models.notExportable' } })
  })
})
