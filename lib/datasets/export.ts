import { Readable } from 'node:stream'
import type { WriteTarget } from '#lib/training-data/formats/write-target.ts'
import { isBlank } from '#lib/training-data/jsonl.ts'
import { fileBytes, rowTexts } from './bytes.ts'
import { RecordWriter } from './record-writer.ts'
import { blobsAt, placesOf } from './revision-rows-store.ts'
import type { ExportLosses, Split } from './schema.ts'
import { findDataset } from './store.ts'
import { revisionOf } from './versions-store.ts'
import { expectWholeBlobs } from './whole.ts'
import { work } from './worker/client.ts'

export interface ExportedFile {
  filename: string
  bytes: AsyncGenerator<Uint8Array>
}

/** A file name that any disk and any provider accepts: letters, digits, dots, dashes. */
function fileName(name: string, split?: Split, format: WriteTarget = 'openai'): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|(?<![-.])[-.]+$/g, '')
    .slice(0, 80)
  const side = split === 'heldout' ? '-heldout' : ''
  const written = format === 'openai' ? '.jsonl' : format === 'csv' ? '.csv' : `-${format}.jsonl`
  return `${plain || 'dataset'}${side}${written}`
}

export interface ExportChoice {
  split?: Split
  /** Id of a version; default the current rows. */
  version?: string
  /** Default: OpenAI's, byte for byte. */
  format?: WriteTarget
}

const encoder = new TextEncoder()
/** Characters joined into one chunk. */
const BLOCK = 64 * 1024

/** The rows in another format, without what it cannot represent: `exportLosses` counts that. */
async function* writtenBytes(
  rows: AsyncIterable<string | null>,
  format: WriteTarget,
): AsyncGenerator<Uint8Array> {
  const writer = new RecordWriter(format)
  let block = ''
  for await (const text of rows) {
    if (!isBlank(text)) block += writer.row(text).text ?? ''
    if (block.length < BLOCK) continue
    yield encoder.encode(block)
    block = ''
  }
  yield encoder.encode(block)
}

/**
 * Counts what a format cannot represent of a dataset.
 * @throws AppError not_found
 */
export async function exportLosses(
  datasetId: string,
  { split, version, format = 'openai' }: ExportChoice,
): Promise<ExportLosses> {
  const { revision } = await findDataset(datasetId)
  const at = version === undefined ? revision : await revisionOf(datasetId, version)
  return work('losses', { datasetId, revision: at, split: split ?? null, format })
}

/**
 * The dataset, or one split, as a file. In OpenAI's format unedited rows keep every byte.
 * @throws AppError not_found; damaged, before the first byte is sent
 */
export async function exportDataset(
  datasetId: string,
  { split, version, format = 'openai' }: ExportChoice = {},
): Promise<ExportedFile> {
  const { name, revision } = await findDataset(datasetId)
  const at = version === undefined ? revision : await revisionOf(datasetId, version)
  const place = { id: datasetId, revision: at }
  await expectWholeBlobs(await blobsAt(place, split))
  const places = placesOf(place, split)
  const bytes = format === 'openai' ? fileBytes(places) : writtenBytes(rowTexts(places), format)
  return { filename: fileName(name, split, format), bytes }
}

/** A download response for the file. */
export function download({ filename, bytes }: ExportedFile): Response {
  const headers = {
    'content-type': `${filename.endsWith('.csv') ? 'text/csv' : 'application/jsonl'}; charset=utf-8`,
    'content-disposition': `attachment; filename="${filename}"`,
    'cache-control': 'no-store',
  }
  return new Response(Readable.toWeb(Readable.from(bytes)) as ReadableStream<Uint8Array>, { headers })
}
