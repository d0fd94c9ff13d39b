import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import { findJob } from '#lib/jobs/store.ts'
import { syncJob } from '#lib/jobs/sync-job.ts'
import { addConnection } from '#lib/providers/connections.ts'
import type { Connection, ProviderId } from '#lib/providers/schema.ts'

/** Adds a provider at an address of this machine. @returns its id */
export async function connect(
  kind: Exclude<Connection['kind'], 'openai'>,
  address: string,
  key: string,
): Promise<ProviderId> {
  const name = `The ${kind}`
  const added = await addConnection({ kind, name, address, key, nearby: true })
  const found = added.find((provider) => provider.name === name)
  if (!found) throw new Error(`${name} was not added.`)
  return found.id
}

/** Asks a job's provider once, as the loop does. */
export const sync = async (jobId: string): Promise<void> => syncJob(await findJob(jobId))

/** Files of a data folder in which a text stands, the database with everything that was written to it. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  await sql`pragma wal_checkpoint(truncate)`.execute(studio())
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return files
    .map((file) => path.join(file.parentPath, file.name))
    .filter((file) => readFileSync(file).includes(text))
}
