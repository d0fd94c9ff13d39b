import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, vi } from 'vitest'
import { openDatabase } from '#lib/db/open.ts'
import { setStudioDatabase, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

interface Address {
  baseURL: string
  key: string
}

/** Settings for a provider beside the engine; without one there is none, whatever the shell of the tests has. */
export function setProvider(provider?: Address): void {
  vi.stubEnv('OPENAI_BASE_URL', provider?.baseURL)
  vi.stubEnv('OPENAI_API_KEY', provider?.key)
}

/**
 * A studio in this process for the tests of one file: a data folder with its database, until the last test has ended.
 * @param provider a provider beside the engine
 * @returns the data folder
 */
export async function setUpStudio(provider?: Address): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-test-'))
  vi.stubEnv('LIMERICK_DATA', folder)
  vi.stubEnv('LIMERICK_KEY_FILE', path.join(folder, 'provider-key'))
  setProvider(provider)
  setStudioDatabase(
    await openDatabase<StudioTables>(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations')),
  )
  afterAll(async () => {
    await studio().destroy()
    setStudioDatabase(undefined)
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}
