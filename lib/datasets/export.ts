import { Readable } from 'node:stream'
import { fileBytes } from './bytes.ts'
import type { Split } from './schema.ts'
import { blobsAt, findDataset, placesOf, revisionOf } from './store.ts'
import { expectWholeBlobs } from './whole.ts'

export interface ExportedFile {
  filename: string
  bytes: AsyncGenerator<Uint8Array>
}

/** A name that any disk and any provider takes: letters, digits, dots and dashes. */
function fileName(name: string, split?: Split): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|(?<![-.])[-.]+$/g, '')
    .slice(0, 80)
  return `${plain || 'dataset'}${split === 'heldout' ? '-heldout' : ''}.jsonl`
}

export interface ExportChoice {
  split?: Split
  /** Id of a version; without it the rows as they are now. */
  version?: string
}

/**
 * The dataset as a file, or one split of it. What was imported and never edited leaves byte for byte.
 * @throws AppError not_found; damaged before the first byte leaves
 */
export async function exportDataset(
  datasetId: string,
  { split, version }: ExportChoice = {},
): Promise<ExportedFile> {
  const { name, revision } = await findDataset(datasetId)
  const at = version === undefined ? revision : await revisionOf(datasetId, version)
  const place = { id: datasetId, revision: at }
  await expectWholeBlobs(await blobsAt(place, split))
  const places = placesOf(place, split)
  return { filename: fileName(name, split), bytes: fileBytes(places) }
}

/** The file as a download. */
export function download({ filename, bytes }: ExportedFile): Response {
  const headers = {
    'content-type': 'application/jsonl; charset=utf-8',
    'content-disposition': `attachment; filename="${filename}"`,
    'cache-control': 'no-store',
  }
  return new Response(Readable.toWeb(Readable.from(bytes)) as ReadableStream<Uint8Array>, { headers })
}
