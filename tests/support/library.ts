import type { WireLibrary, WireSizes, WireSource } from '#lib/engine/wire.ts'
import type { TestEngine } from './engine.ts'
import { until } from './until.ts'

interface Told<Answer> {
  status: number
  answer: Answer
}

type Source = { folder: string } | { repo: string; revision?: string }

interface Refusal {
  error: { message: string; code: string | null; param: string | null }
}

/** The engine's own paths for adding models, as the studio calls them. */
export function libraryOf({ baseURL, key }: Pick<TestEngine, 'baseURL' | 'key'>) {
  async function call<Answer>(method: string, path: string, body?: unknown): Promise<Told<Answer>> {
    const response = await fetch(new URL(`/limerick${path}`, baseURL), {
      method,
      headers: { authorization: `Bearer ${key}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return { status: response.status, answer: (await response.json()) as Answer }
  }
  const list = async () => (await call<WireLibrary>('GET', '/models')).answer
  return {
    list,
    sizes: async () => (await call<WireSizes>('GET', '/sizes')).answer,
    check: (source: Source) => call<WireSource & Refusal>('POST', '/models/check', source),
    add: (source: Source) => call<WireLibrary & Refusal>('POST', '/models', source),
    remove: (name: string) => call<WireLibrary & Refusal>('DELETE', `/models/${encodeURIComponent(name)}`),
    change: (id: string, what: 'pause' | 'resume') =>
      call<WireLibrary & Refusal>('POST', `/downloads/${id}/${what}`),
    cancel: (id: string) => call<WireLibrary & Refusal>('DELETE', `/downloads/${id}`),

    /** Waits until the only download satisfies `holds`. */
    reached: (what: string, holds: (download: WireLibrary['downloads'][number]) => boolean) =>
      until(what, async () => {
        const [download] = (await list()).downloads
        return download && holds(download) && download
      }),

    /** Waits until a model is added and nothing is downloaded any more. */
    arrived: (name: string) =>
      until(`the model ${name}`, async () => {
        const { added, downloads } = await list()
        const [failed] = downloads.filter(({ state }) => state === 'failed')
        if (failed) throw new Error(failed.error?.message)
        return downloads.length === 0 && added.find((one) => one.name === name)
      }),
  }
}
