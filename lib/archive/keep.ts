import { rm } from 'node:fs/promises'
import { keepBytes, temporaryFile } from '#lib/datasets/blobs.ts'
import type { PartRecord } from './store.ts'

/** Bytes as a stream. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Keeps a stream; its bytes are on the disk when this returns. @throws AppError too_large beyond 512 MB */
export const keepStream = (source: AsyncIterable<Uint8Array>): Promise<PartRecord> =>
  keepBytes(source, 'archive')

/** Keeps an answer as it came. */
export const keepAnswer = (bytes: Uint8Array): Promise<PartRecord> => keepStream(once(bytes))

/** Works on a stream as a file, which is deleted afterwards. */
export async function asFile<Result>(
  source: AsyncIterable<Uint8Array>,
  work: (file: string) => Promise<Result>,
): Promise<Result> {
  const { file, handle } = await temporaryFile()
  try {
    try {
      for await (const chunk of source) await handle.appendFile(chunk)
    } finally {
      await handle.close()
    }
    return await work(file)
  } finally {
    await rm(file, { force: true })
  }
}
