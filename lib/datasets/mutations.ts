import { mutationOptions } from '@tanstack/react-query'
import { AppError, fromWire } from '#lib/core/errors.ts'
import { reading } from '#lib/http/answer.ts'
import { asking, send } from '#lib/http/fetch.ts'
import { readNdjson } from '#lib/http/ndjson.ts'
import {
  addRow,
  address,
  applyChange,
  changeDataset,
  changeRow,
  copyRows,
  createDataset,
  datasetsQuery,
  undoStep,
} from './queries.ts'
import type {
  ChangeDraft,
  DatasetRow,
  DatasetVersion,
  Upload,
  UploadDraft,
  UploadNews,
  VersionDraft,
} from './schema.ts'

const schemas = () => import('./schema.ts')
const ask = asking(schemas)
const read = reading(schemas)

/** Asks for everything again but the previews of changes: each is of one revision. */
const datasetsMutation = <Wish = void, Answer = unknown>(mutationFn: (wish: Wish) => Promise<Answer>) =>
  mutationOptions({
    mutationFn,
    onSettled: (_answer, _error, _wish, _result, { client }) =>
      client.invalidateQueries({
        queryKey: datasetsQuery().queryKey,
        predicate: ({ queryKey }) => queryKey[2] !== 'preview',
      }),
  })

export const createDatasetMutation = () => datasetsMutation((name: string) => createDataset({ name }))

export const renameDatasetMutation = (datasetId: string) =>
  datasetsMutation((name: string) => changeDataset(datasetId, { name }))

/** Archives a dataset, or takes it back to the list. */
export const setArchivedMutation = () =>
  datasetsMutation(({ id, archived }: { id: string; archived: boolean }) => changeDataset(id, { archived }))

export const loadSampleMutation = () =>
  datasetsMutation(() =>
    ask(({ DatasetSummary }) => DatasetSummary, '/api/datasets/sample', { method: 'POST' }),
  )

/** Copies every row, with its split, into a new dataset. */
export const copyDatasetMutation = ({ from, name }: { from: string; name: string }) =>
  datasetsMutation(async () => {
    const made = await createDataset({ name })
    await copyRows(made.id, { from })
    return made
  })

export const applyChangeMutation = (datasetId: string) =>
  datasetsMutation((body: ChangeDraft) => applyChange(datasetId, body))

export const undoStepMutation = (datasetId: string) => datasetsMutation(() => undoStep(datasetId))

export const nameVersionMutation = (datasetId: string) =>
  datasetsMutation((body: VersionDraft) =>
    ask(({ DatasetVersion }) => DatasetVersion, `${address(datasetId)}/versions`, { method: 'POST', body }),
  )

export const restoreVersionMutation = (datasetId: string) =>
  datasetsMutation(({ id: versionId }: DatasetVersion) =>
    ask(({ Step }) => Step, `${address(datasetId)}/restore`, { method: 'POST', body: { versionId } }),
  )

interface KeptLine {
  line: string
  /** The dataset that gets the row; without an id a new one. */
  dataset: { id?: string; name: string }
  /** The row that becomes this training row. */
  row?: Pick<DatasetRow, 'id' | 'revision'> | null
}

/** Keeps a line as a training row. */
export const keepLineMutation = () =>
  datasetsMutation(async ({ line, dataset, row }: KeptLine) => {
    const { name, id = (await createDataset({ name })).id } = dataset
    const saved = row
      ? await changeRow(id, row.id, { revision: row.revision, line, split: 'train' })
      : await addRow(id, { line, split: 'train' })
    return { name, href: `/datasets/${id}?row=${saved.id}` }
  })

const readNews = (line: unknown): Promise<UploadNews> => read(({ UploadNews }) => UploadNews, line)

/**
 * Uploads one split to a provider.
 * @param onProgress share of the bytes sent, 0 to 1
 */
export const uploadMutation = (datasetId: string, onProgress: (share: number) => void) =>
  mutationOptions({
    mutationFn: async (body: UploadDraft): Promise<Upload> => {
      const response = await send(`${address(datasetId)}/upload`, { method: 'POST', body })
      if (!response.ok) throw fromWire(await response.json().catch(() => null))
      for await (const news of readNdjson(readNews, response.body ?? new ReadableStream())) {
        if (news.type === 'stored') return news.upload
        if (news.type === 'failed') throw fromWire(news.error)
        onProgress(news.sent / Math.max(1, news.total))
      }
      throw new AppError('unavailable', 'datasets.uploadCutShort')
    },
  })
