import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import { AppError, fromWire } from '#lib/core/errors.ts'
import { reading } from '#lib/http/answer.ts'
import { asking } from '#lib/http/fetch.ts'
import type { Encoding } from '#lib/training-data/formats/encoding.ts'
import type { ImportPlan } from '#lib/training-data/formats/plan.ts'
import { MAX_FILE_BYTES } from '#lib/training-data/jsonl.ts'
import { MOST_CHOSEN, PAGE_ROWS } from './constants.ts'
import type { EstimateQuery, VerdictQuery } from './estimate-schema.ts'
import type {
  BulkChange,
  ChangeDraft,
  CopyDraft,
  DatasetChange,
  DatasetDraft,
  DatasetSummary,
  ExportQuery,
  ImportNews,
  ImportPreview,
  RowChange,
  RowDraft,
  RowFilter,
  Split,
  TokensDraft,
} from './schema.ts'

const schemas = async () => ({
  ...(await import('#lib/training-data/schema.ts')),
  ...(await import('./estimate-schema.ts')),
  ...(await import('./schema.ts')),
})
const ask = asking(schemas)
const read = reading(schemas)

export const address = (datasetId: string) => `/api/datasets/${encodeURIComponent(datasetId)}`

export const datasetsQuery = () =>
  queryOptions({
    queryKey: ['datasets'],
    queryFn: ({ signal }) => ask(({ DatasetSummary }) => DatasetSummary.array(), '/api/datasets', { signal }),
  })

/** A dataset's summary and the report of the checks. */
export const datasetQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['datasets', datasetId],
    queryFn: ({ signal }) => ask(({ DatasetView }) => DatasetView, address(datasetId), { signal }),
    placeholderData: keepPreviousData,
  })

export const datasetSummary = async (datasetId: string): Promise<DatasetSummary> =>
  (await ask(({ DatasetView }) => DatasetView, address(datasetId))).dataset

/** A window of the filtered rows, from `offset` on. */
export const rowsQuery = (datasetId: string, filter: RowFilter = {}, offset = 0, limit = PAGE_ROWS) =>
  queryOptions({
    queryKey: ['datasets', datasetId, 'rows', filter, offset, limit],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ ...filter, offset: String(offset), limit: String(limit) })
      return ask(({ RowsPage }) => RowsPage, `${address(datasetId)}/rows?${query}`, { signal })
    },
  })

export const versionsQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['datasets', datasetId, 'versions'],
    queryFn: ({ signal }) =>
      ask(({ DatasetVersion }) => DatasetVersion.array(), `${address(datasetId)}/versions`, { signal }),
  })

/** A dataset's summary with the rows of a version, as if they were the current ones. */
export const versionQuery = (datasetId: string, versionId: string) =>
  queryOptions({
    queryKey: ['datasets', datasetId, 'versions', versionId],
    queryFn: ({ signal }) =>
      ask(
        ({ DatasetSummary }) => DatasetSummary,
        `${address(datasetId)}/versions/${encodeURIComponent(versionId)}`,
        { signal },
      ),
  })

/** Differences between two versions, or a version and the current rows (`draft`). */
export const diffQuery = (datasetId: string, from: string, to = 'draft', offset = 0) =>
  queryOptions({
    queryKey: ['datasets', datasetId, 'diff', from, to, offset],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ from, to, offset: String(offset) })
      return ask(({ DatasetDiff }) => DatasetDiff, `${address(datasetId)}/diff?${query}`, { signal })
    },
  })

export const changePreviewQuery = (datasetId: string, revision: number, change: BulkChange) =>
  queryOptions({
    queryKey: ['datasets', datasetId, 'preview', revision, change],
    queryFn: ({ signal }) =>
      ask(({ ChangePreview }) => ChangePreview, `${address(datasetId)}/changes/preview`, {
        method: 'POST',
        body: { change },
        signal,
      }),
  })

/** Only what is given. */
const searchOf = (query: Record<string, string | number | undefined>): URLSearchParams =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )

/** Tokens, price and time of training at every provider. */
export const estimateQuery = (datasetId: string, query: EstimateQuery = {}) =>
  queryOptions({
    queryKey: ['datasets', datasetId, 'estimate', query],
    queryFn: ({ signal }) =>
      ask(({ Estimate }) => Estimate, `${address(datasetId)}/estimate?${searchOf(query)}`, { signal }),
    placeholderData: keepPreviousData,
  })

/** ms until a partial verdict is refetched: the model did not answer for every row. */
const PARTIAL_AGAIN = 3_000

/** Whether the rows of a split suit a model at its provider. */
export const verdictQuery = (datasetId: string, query: VerdictQuery) =>
  queryOptions({
    queryKey: ['datasets', datasetId, 'verdict', query],
    queryFn: ({ signal }) =>
      ask(({ Verdict }) => Verdict, `${address(datasetId)}/verdict?${searchOf(query)}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.partial ? PARTIAL_AGAIN : false),
  })

/** A line as the model reads it, token by token. */
export const tokensQuery = (draft: TokensDraft) =>
  queryOptions({
    queryKey: ['tokens', 'view', draft],
    queryFn: ({ signal }) =>
      ask(({ TokenView }) => TokenView.nullable(), '/api/datasets/tokens', {
        method: 'POST',
        body: draft,
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })

export const applyChange = (datasetId: string, body: ChangeDraft) =>
  ask(({ Step }) => Step, `${address(datasetId)}/changes`, { method: 'POST', body })

export const undoStep = (datasetId: string) =>
  ask(({ Undone }) => Undone, `${address(datasetId)}/undo`, { method: 'POST', body: {} })

export const redoStep = (datasetId: string) =>
  ask(({ Undone }) => Undone, `${address(datasetId)}/redo`, { method: 'POST', body: {} })

/** Stable ids of a window of the filtered rows, in line order. */
export const rowKeysIn = (datasetId: string, filter: RowFilter, offset = 0, limit = MOST_CHOSEN) => {
  const query = new URLSearchParams({ ...filter, offset: String(offset), limit: String(limit) })
  return ask(({ RowKeys }) => RowKeys, `${address(datasetId)}/rows/keys?${query}`)
}

export const copyRows = (datasetId: string, body: CopyDraft) =>
  ask(({ Step }) => Step, `${address(datasetId)}/copy`, { method: 'POST', body })

export const createDataset = (body: DatasetDraft) =>
  ask(({ DatasetSummary }) => DatasetSummary, '/api/datasets', { method: 'POST', body })

export const changeDataset = (datasetId: string, body: DatasetChange) =>
  ask(({ DatasetSummary }) => DatasetSummary.nullable(), address(datasetId), { method: 'PATCH', body })

export const addRow = (datasetId: string, body: RowDraft) =>
  ask(({ SavedRow }) => SavedRow, `${address(datasetId)}/rows`, { method: 'POST', body })

export const changeRow = (datasetId: string, rowId: string, body: RowChange) =>
  ask(({ SavedRow }) => SavedRow, `${address(datasetId)}/rows/${encodeURIComponent(rowId)}`, {
    method: 'PATCH',
    body,
  })

export type ExportChoice = z.infer<typeof ExportQuery>

const queryOf = (choice: ExportChoice): string => {
  const given = Object.entries(choice).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length > 0 ? `?${new URLSearchParams(given)}` : ''
}

export const exportAddress = (datasetId: string, choice: ExportChoice = {}): string =>
  `${address(datasetId)}/export${queryOf(choice)}`

/** What a format cannot represent of the rows at a revision. */
export const exportLossesQuery = (datasetId: string, revision: number, choice: ExportChoice) =>
  queryOptions({
    queryKey: ['datasets', datasetId, 'losses', revision, choice],
    queryFn: ({ signal }) =>
      ask(({ ExportLosses }) => ExportLosses, `${address(datasetId)}/export/losses${queryOf(choice)}`, {
        signal,
      }),
  })

/** Bytes of a file that a preview reads. */
const PREVIEW_BYTES = 1024 * 1024

/** The first records of a file as an import would convert them. The studio detects `plan` and `encoding` by default. */
export function previewFile(
  file: File,
  { plan, encoding }: { plan?: ImportPlan; encoding?: Encoding } = {},
): Promise<ImportPreview> {
  const query = new URLSearchParams({ name: file.name.slice(0, 255) })
  if (plan) query.set('plan', JSON.stringify(plan))
  if (encoding) query.set('encoding', encoding)
  if (file.size > PREVIEW_BYTES) query.set('cut', 'true')
  return ask(({ ImportPreview }) => ImportPreview, `/api/datasets/preview?${query}`, {
    method: 'POST',
    body: file.slice(0, PREVIEW_BYTES),
  })
}

export interface ImportOptions {
  /** The dataset that gets the rows; default: a new one. */
  into?: string
  split?: Split
  plan?: ImportPlan
  signal?: AbortSignal
  onProgress: (phase: 'sending' | 'reading' | 'checking', share: number) => void
}

export type Imported = Extract<ImportNews, { type: 'done' }>

/** Reads the complete lines of a growing answer, each once. */
function newsReader(onNews: (news: ImportNews) => void) {
  let from = 0
  return async (text: string): Promise<void> => {
    const lines = text.slice(from, text.lastIndexOf('\n') + 1)
    from += lines.length
    for (const line of lines.split('\n'))
      if (line) onNews(await read(({ ImportNews }) => ImportNews, JSON.parse(line)))
  }
}

/**
 * Streams a file to the studio: no form, and nothing read into the page's memory. Aborting cancels the whole import.
 * @throws AppError, or the signal's reason
 */
export function importFile(file: File, options: ImportOptions): Promise<Imported> {
  // The server would cut the connection in the middle, and the page would get no answer.
  if (file.size > MAX_FILE_BYTES) return Promise.reject(new AppError('too_large', 'datasets.fileTooLarge'))
  const { into, split = 'train', plan, signal, onProgress } = options
  const query = new URLSearchParams({ name: file.name.slice(0, 255), split })
  if (plan) query.set('plan', JSON.stringify(plan))
  return new Promise((resolve, reject) => {
    // fetch reports no upload progress.
    const request = new XMLHttpRequest()
    const readNews = newsReader((news) => {
      if (news.type === 'done') resolve(news)
      else if (news.type === 'failed') reject(fromWire(news.error))
      else onProgress(news.phase, news.share)
    })
    const take = () => readNews(request.responseText).catch(reject)
    request.open('POST', `${into ? address(into) : '/api/datasets'}/import?${query}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = ({ loaded, total }) => onProgress('sending', total === 0 ? 1 : loaded / total)
    request.onprogress = () => request.status < 400 && take()
    request.onload = async () => {
      if (request.status >= 400) return reject(fromWire(JSON.parse(request.responseText || 'null')))
      await take()
      // Rejects if the answer ended without done or failed; otherwise the promise is settled already.
      reject(new AppError('unavailable', 'datasets.importCutShort'))
    }
    request.onerror = () => reject(new AppError('unavailable', 'http.silent'))
    signal?.addEventListener('abort', () => {
      request.abort()
      reject(signal.reason)
    })
    request.send(file)
  })
}
