import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Kysely, Selectable } from 'kysely'
import { z } from 'zod'
import { newId } from '#lib/core/ids.ts'
import { expectSpace } from '#lib/disk/space.ts'
import { uploadProblem } from '#lib/training-data/openai.ts'
import { apiError, parse } from './api-error.ts'
import { lineBlocks } from './line-blocks.ts'
import { receiveFile } from './multipart.ts'
import { listOf, orNone, Paging, placeOf } from './paging.ts'
import { adoptFile, type Disk, remove } from './storage.ts'
import type { EngineTables, FilesTable } from './tables.ts'
import { type FileDeleted, type List, seconds, type WireFile } from './wire.ts'

type FileRow = Selectable<FilesTable>

export const Purpose = z.enum(['fine-tune', 'assistants', 'batch', 'vision', 'user_data', 'evals'])

export const FileQuery = Paging(10_000, 10_000).extend({
  purpose: z.preprocess(orNone, z.string().optional()),
  order: z.preprocess(orNone, z.enum(['asc', 'desc']).default('desc')),
})

export const fileOnWire = (row: FileRow): WireFile => ({
  object: 'file',
  id: row.id,
  purpose: row.purpose,
  filename: row.filename,
  bytes: row.bytes,
  created_at: seconds(row.created_at),
  status: 'processed',
  status_details: null,
})

export const noSuchFile = (id: string, param = 'id') =>
  apiError('not_found', `No such File object: ${id}`, { param })

export function fileStore(db: Kysely<EngineTables>, disk: Disk) {
  const find = (id: string) => db.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirst()

  async function get(id: string): Promise<FileRow> {
    const row = await find(id)
    if (!row) throw noSuchFile(id)
    return row
  }

  /** Turns a complete temporary file into a File. */
  async function adopt(
    temporary: string,
    file: Pick<FileRow, 'filename' | 'purpose' | 'bytes'>,
    within: Kysely<EngineTables> = db,
  ): Promise<FileRow> {
    const row = { ...file, id: newId('file-'), created_at: Date.now() }
    return adoptFile(temporary, disk.file(row.id), () =>
      within.insertInto('files').values(row).returningAll().executeTakeFirstOrThrow(),
    )
  }

  return {
    find,
    adopt,
    retrieve: async (id: string): Promise<WireFile> => fileOnWire(await get(id)),

    /**
     * Streams an upload to disk, checks that a training file is JSONL, and stores it.
     * @param length of the body; 0 if the caller did not send it
     */
    async create(body: AsyncIterable<Uint8Array>, contentType: string, length: number): Promise<WireFile> {
      await expectSpace(disk.root, length)
      const temporary = disk.temporary()
      try {
        const file = await receiveFile(body, contentType, temporary)
        const { purpose } = parse(z.object({ purpose: Purpose }), file)
        await checkContent(temporary, purpose)
        return fileOnWire(await adopt(temporary, { ...file, purpose }))
      } finally {
        await remove(temporary)
      }
    },

    async list({ purpose, order, limit, after }: z.infer<typeof FileQuery>) {
      const place = after === undefined ? null : await placeOf(db, { table: 'files' }, after)
      const rows = await db
        .selectFrom('files')
        .selectAll()
        .$if(purpose !== undefined, (query) => query.where('purpose', '=', purpose as FileRow['purpose']))
        .$if(place !== null, (query) => query.where('seq', order === 'asc' ? '>' : '<', place))
        .orderBy('seq', order)
        .limit(limit + 1)
        .execute()
      const list: List<WireFile> = listOf(rows, limit, fileOnWire)
      return { ...list, first_id: list.data.at(0)?.id ?? '', last_id: list.data.at(-1)?.id ?? '' }
    },

    /** Jobs that use the file have their own copy. */
    async delete(id: string): Promise<FileDeleted> {
      await get(id)
      await db.deleteFrom('files').where('id', '=', id).execute()
      await remove(disk.file(id))
      return { id, object: 'file', deleted: true }
    },

    /** The original bytes, as a stream. */
    async content(id: string): Promise<{ row: FileRow; bytes: Readable }> {
      const row = await get(id)
      const handle = await open(disk.file(id))
      return { row, bytes: createReadStream('', { fd: handle }) }
    },
  }
}
export type FileStore = ReturnType<typeof fileStore>

/** @throws AppError with OpenAI's message if a line of a training file is not one JSON object */
export async function checkContent(file: string, purpose: FileRow['purpose']): Promise<void> {
  if (purpose !== 'fine-tune') return
  for await (const { bytes, line } of lineBlocks(file)) {
    const sentence = uploadProblem(bytes, line)
    if (sentence) throw apiError('invalid', sentence)
  }
}
