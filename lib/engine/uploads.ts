import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Kysely, Selectable } from 'kysely'
import type { UploadPart } from 'openai/resources/uploads/parts'
import { z } from 'zod'
import { newId } from '#lib/core/ids.ts'
import { expectSpace } from '#lib/disk/space.ts'
import { MAX_FILE_BYTES } from '#lib/training-data/jsonl.ts'
import { apiError } from './api-error.ts'
import { checkContent, type FileStore, fileOnWire, Purpose } from './files.ts'
import { cleanName, noExpiry, PART, receiveFile } from './multipart.ts'
import { adoptFile, type Disk, remove, saveStream } from './storage.ts'
import type { EngineTables, PartsTable, UploadsTable } from './tables.ts'
import { seconds, type WireUpload } from './wire.ts'

type UploadRow = Selectable<UploadsTable>
type PartRow = Selectable<PartsTable>

/** How long parts are kept, in ms; OpenAI's is an hour too. */
const LIFE = 3_600_000

/** A part that is sent again leaves the first one behind: most bytes of all parts. */
const MOST_HELD = 2 * MAX_FILE_BYTES

export const UploadDraft = z.strictObject({
  bytes: z.number().int().min(1).max(MAX_FILE_BYTES),
  filename: z.string().min(1),
  mime_type: z.string(),
  purpose: Purpose,
  expires_after: z.unknown().optional(),
})

export const UploadCompletion = z.strictObject({
  part_ids: z.array(z.string()).min(1),
  md5: z.string().nullish(),
})

const statusOf = ({ status, expires_at }: UploadRow): WireUpload['status'] =>
  status === 'pending' && expires_at <= Date.now() ? 'expired' : status

const onWire = (row: UploadRow): WireUpload => ({
  object: 'upload',
  id: row.id,
  bytes: row.bytes,
  filename: row.filename,
  purpose: row.purpose,
  status: statusOf(row),
  created_at: seconds(row.created_at),
  expires_at: seconds(row.expires_at),
})

const partOnWire = ({ id, upload_id, created_at }: PartRow): UploadPart => ({
  object: 'upload.part',
  id,
  upload_id,
  created_at: seconds(created_at),
})

const noSuchUpload = (id: string) =>
  apiError('not_found', `No such Upload object: ${id}`, { param: 'upload_id' })

/** Files that are sent in parts, for clients that do so above a size; `/v1/files` takes the same files whole. */
export function uploadStore(db: Kysely<EngineTables>, disk: Disk, files: FileStore) {
  const partsOf = (id: string) => db.selectFrom('parts').selectAll().where('upload_id', '=', id).execute()

  /** @throws AppError if there is no such upload, or it takes nothing more */
  async function pending(id: string, within = db): Promise<UploadRow> {
    const row = await within.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw noSuchUpload(id)
    const status = statusOf(row)
    if (status !== 'pending') throw apiError('invalid', `Upload ${id} is ${status}: create a new one.`)
    return row
  }

  /** Turns a complete temporary file into a part, unless the upload has ended meanwhile. */
  async function keep(temporary: string, upload: string, bytes: number): Promise<PartRow> {
    const part = { id: newId('part_'), upload_id: upload, bytes, created_at: Date.now() }
    return adoptFile(temporary, disk.part(part.id), () =>
      db.transaction().execute(async (trx) => {
        await pending(upload, trx)
        return trx.insertInto('parts').values(part).returningAll().executeTakeFirstOrThrow()
      }),
    )
  }

  async function dropParts(upload: string): Promise<void> {
    const parts = await partsOf(upload)
    await db.deleteFrom('parts').where('upload_id', '=', upload).execute()
    for (const { id } of parts) await remove(disk.part(id))
  }

  /** @throws AppError `invalid` if the parts do not make the announced file */
  async function chosenParts({ id, bytes }: UploadRow, ids: readonly string[]): Promise<PartRow[]> {
    const known = new Map((await partsOf(id)).map((part) => [part.id, part]))
    const refuse = (message: string) => apiError('invalid', message, { param: 'part_ids' })
    const parts = ids.map((part) => {
      const found = known.get(part)
      if (!found) throw refuse(`Upload ${id} has no part ${part}.`)
      return found
    })
    if (new Set(ids).size < ids.length) throw refuse('A part is named twice.')
    const sum = parts.reduce((all, part) => all + part.bytes, 0)
    if (sum !== bytes)
      throw refuse(`The parts hold ${sum} bytes, and the upload was created for ${bytes} bytes.`)
    return parts
  }

  /** Drops the parts of uploads that have ended or expired. */
  async function tidy(): Promise<void> {
    const over = await db
      .selectFrom('uploads')
      .select('id')
      .where((where) => where.or([where('status', '!=', 'pending'), where('expires_at', '<=', Date.now())]))
      .where('id', 'in', db.selectFrom('parts').select('upload_id'))
      .execute()
    for (const { id } of over) await dropParts(id)
  }

  async function* contentOf(parts: readonly PartRow[]): AsyncGenerator<Buffer> {
    for (const { id } of parts) yield* createReadStream(disk.part(id))
  }

  /** Writes the parts as one file. @throws AppError if its content is not what was announced */
  async function assemble(
    { bytes, purpose }: UploadRow,
    parts: readonly PartRow[],
    file: string,
    md5?: string | null,
  ) {
    await expectSpace(disk.root, bytes)
    const hash = createHash('md5')
    const hashed = async function* () {
      for await (const chunk of contentOf(parts)) {
        hash.update(chunk)
        yield chunk
      }
    }
    await saveStream(file, hashed())
    const found = hash.digest('hex')
    if (md5 && md5.toLowerCase() !== found)
      throw apiError('invalid', `The MD5 of the file is ${found}, not ${md5}: send it again.`, {
        param: 'md5',
      })
    await checkContent(file, purpose)
  }

  return {
    async create({
      expires_after,
      mime_type: _,
      ...draft
    }: z.infer<typeof UploadDraft>): Promise<WireUpload> {
      if (expires_after !== undefined) throw noExpiry()
      await tidy()
      await expectSpace(disk.root, draft.bytes)
      const now = Date.now()
      const times = { created_at: now, expires_at: now + LIFE }
      const row = {
        ...draft,
        ...times,
        id: newId('upload_'),
        filename: cleanName(draft.filename),
        status: 'pending' as const,
      }
      await db.insertInto('uploads').values(row).execute()
      return onWire(row)
    },

    /** @param length of the body; 0 if the caller did not send it */
    async addPart(
      upload: string,
      body: AsyncIterable<Uint8Array>,
      contentType: string,
      length: number,
    ): Promise<UploadPart> {
      await pending(upload)
      const held = (await partsOf(upload)).reduce((sum, { bytes }) => sum + bytes, 0)
      if (held + length > MOST_HELD)
        throw apiError('too_large', `The parts of upload ${upload} hold more than twice the largest file.`)
      await expectSpace(disk.root, length)
      const temporary = disk.temporary()
      try {
        const { bytes } = await receiveFile(body, contentType, temporary, PART)
        return partOnWire(await keep(temporary, upload, bytes))
      } finally {
        await remove(temporary)
      }
    },

    /** Makes a File of the parts, in the order given; a refused one may be completed again. */
    async complete(id: string, { part_ids, md5 }: z.infer<typeof UploadCompletion>): Promise<WireUpload> {
      const row = await pending(id)
      const parts = await chosenParts(row, part_ids)
      const temporary = disk.temporary()
      try {
        await assemble(row, parts, temporary, md5)
        const file = await db.transaction().execute(async (trx) => {
          const { filename, purpose, bytes } = await pending(id, trx)
          const made = await files.adopt(temporary, { filename, purpose, bytes }, trx)
          await trx.updateTable('uploads').set({ status: 'completed' }).where('id', '=', id).execute()
          return made
        })
        await dropParts(id)
        return { ...onWire({ ...row, status: 'completed' }), file: fileOnWire(file) }
      } finally {
        await remove(temporary)
      }
    },

    async cancel(id: string): Promise<WireUpload> {
      const row = await pending(id)
      await db.updateTable('uploads').set({ status: 'cancelled' }).where('id', '=', id).execute()
      await dropParts(id)
      return onWire({ ...row, status: 'cancelled' })
    },

    tidy,
  }
}
export type UploadStore = ReturnType<typeof uploadStore>
