import { Readable } from 'node:stream'
import { fileBytes } from './bytes.ts'
import type { Split } from './schema.ts'
import { findDataset, rowsOf } from './store.ts'

export interface ExportedFile {
  filename: string
  bytes: AsyncGenerator<Uint8Array>
}

/** A name that any disk and any provider takes: letters, digits, dots and dashes. */
function fileName(name: string, split?: Split): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80)
  return `${plain || 'dataset'}${split === 'heldout' ? '-heldout' : ''}.jsonl`
}

/**
 * The dataset as a file, or one split of it. What was imported and never edited leaves byte for byte.
 * @throws AppError not_found
 */
export async function exportDataset(datasetId: string, split?: Split): Promise<ExportedFile> {
  const { name } = await findDataset(datasetId)
  const rows = await rowsOf(datasetId, split ? { split } : {})
  return { filename: fileName(name, split), bytes: fileBytes(rows) }
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
