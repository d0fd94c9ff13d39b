import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { AppError, fromWire } from '#lib/errors.ts'
import { MAX_FILE_BYTES } from '#lib/examples/jsonl.ts'
import { ask, send } from '#lib/http/fetch.ts'
import { readNdjson } from '#lib/http/ndjson.ts'
import type { ExampleTokens } from '#lib/tokens/chat.ts'
import type { SavedRow } from './rows.ts'
import {
  type DatasetChange,
  type DatasetDraft,
  type DatasetSummary,
  type DatasetView,
  PAGE_ROWS,
  type RowChange,
  type RowDraft,
  type Split,
  type Upload,
  type UploadDraft,
  type UploadNews,
} from './schema.ts'

const address = (datasetId: string) => `/api/datasets/${encodeURIComponent(datasetId)}`

export const datasetsQuery = () =>
  queryOptions({
    queryKey: ['datasets'],
    queryFn: ({ signal }) => ask<DatasetSummary[]>('/api/datasets', { signal }),
  })

/** A dataset and the window of rows that begins at `offset`. */
export const datasetQuery = (datasetId: string, offset = 0) =>
  queryOptions({
    queryKey: ['datasets', datasetId, offset],
    queryFn: ({ signal }) =>
      ask<DatasetView>(`${address(datasetId)}?offset=${offset}&limit=${PAGE_ROWS}`, { signal }),
    placeholderData: keepPreviousData,
  })

/** Tokens of a line that is not saved yet. */
export const countQuery = (line: string) =>
  queryOptions({
    queryKey: ['tokens', line],
    queryFn: ({ signal }) =>
      ask<ExampleTokens | null>('/api/datasets/count', { method: 'POST', body: { line }, signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })

export const createDataset = (body: DatasetDraft) =>
  ask<DatasetSummary>('/api/datasets', { method: 'POST', body })

export const loadSample = () => ask<DatasetSummary>('/api/datasets/sample', { method: 'POST' })

export const changeDataset = (datasetId: string, body: DatasetChange) =>
  ask<DatasetSummary | null>(address(datasetId), { method: 'PATCH', body })

export const addRow = (datasetId: string, body: RowDraft) =>
  ask<SavedRow>(`${address(datasetId)}/rows`, { method: 'POST', body })

export const changeRow = (datasetId: string, rowId: string, body: RowChange) =>
  ask<SavedRow>(`${address(datasetId)}/rows/${encodeURIComponent(rowId)}`, { method: 'PATCH', body })

/**
 * Stores one split at a provider.
 * @param onProgress share of the bytes that left this computer, 0 to 1
 * @throws AppError with the provider's refusal
 */
export async function sendToProvider(
  datasetId: string,
  body: UploadDraft,
  onProgress: (share: number) => void,
): Promise<Upload> {
  const response = await send(`${address(datasetId)}/upload`, { method: 'POST', body })
  if (!response.ok) throw fromWire(await response.json().catch(() => null))
  for await (const news of readNdjson<UploadNews>(response.body ?? new ReadableStream())) {
    if (news.type === 'stored') return news.upload
    if (news.type === 'failed') throw fromWire(news.error)
    onProgress(news.sent / Math.max(1, news.total))
  }
  throw new AppError(
    'unavailable',
    'The connection was lost before the file was stored. Send it again: the same bytes are stored once.',
  )
}

export const exportAddress = (datasetId: string, split?: Split) =>
  `${address(datasetId)}/export${split ? `?split=${split}` : ''}`

/**
 * Streams a file to the studio as it is: no form around it, nothing read into the page's memory.
 * @param into the dataset that gets the lines; without it they become a dataset of their own
 * @param onProgress share of the bytes that left, 0 to 1
 * @throws AppError
 */
export function importFile(
  file: File,
  {
    into,
    split = 'train',
    onProgress,
  }: { into?: string; split?: Split; onProgress: (share: number) => void },
): Promise<DatasetSummary> {
  // The door would cut the connection in the middle, and no answer would come through.
  if (file.size > MAX_FILE_BYTES)
    return Promise.reject(new AppError('too_large', 'The file is larger than 512 MB.'))
  const query = new URLSearchParams({ name: file.name.slice(0, 255), split })
  return new Promise((resolve, reject) => {
    // fetch tells nothing of what has been sent so far.
    const request = new XMLHttpRequest()
    request.open('POST', `${into ? address(into) : '/api/datasets'}/import?${query}`)
    request.setRequestHeader('content-type', 'application/jsonl')
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total)
    request.onload = () =>
      request.status < 400 ? resolve(request.response) : reject(fromWire(request.response))
    request.onerror = () =>
      reject(new AppError('unavailable', 'Limerick does not answer. Is it still running?'))
    request.send(file)
  })
}
