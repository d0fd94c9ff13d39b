import { AppError } from '#lib/core/errors.ts'
import { openBlob } from '#lib/datasets/whole.ts'
import type { ItemKind } from './schema.ts'
import { findItem, type PartRecord, partsOf } from './store.ts'

/** The bytes of a part, verified before the first is given. @throws AppError damaged */
export async function* bytesIn({ sha256 }: PartRecord): AsyncGenerator<Uint8Array> {
  const file = await openBlob(sha256, 'archive').catch((cause: unknown) => {
    const name = `archive/${sha256}`
    throw new AppError('damaged', ['archive.damaged', { file: name }], { facts: { file: name }, cause })
  })
  try {
    yield* file.createReadStream({ autoClose: false })
  } finally {
    await file.close()
  }
}

/** The text of a part. @throws AppError damaged */
export async function textIn(part: PartRecord): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytesIn(part)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** The parts of something that was brought home; null when it is not here. */
export async function archived(
  providerId: string,
  kind: ItemKind,
  remoteId: string,
): Promise<PartRecord[] | null> {
  const item = await findItem(providerId, kind, remoteId)
  return item && item.saved_at !== null ? partsOf(item.seq) : null
}

/** The content of a file that was brought home, beside its object; null when it is not here. */
export async function archivedContent(providerId: string, fileId: string): Promise<PartRecord | null> {
  const [, content] = (await archived(providerId, 'file', fileId)) ?? []
  return content ?? null
}
