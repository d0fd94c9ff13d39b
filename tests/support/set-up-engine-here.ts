import path from 'node:path'
import { afterAll } from 'vitest'
import { createApp } from '#lib/engine/app.ts'
import { openEngine } from '#lib/engine/engine.ts'
import { serve } from '#lib/engine/serve.ts'
import type { HubSettings } from '#lib/engine/settings.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'

/** The engine in this process, for tests that train nothing: it is there at once. */
export async function setUpEngineHere(
  folder: string,
  modelsFolder: string | null = null,
  hub?: HubSettings,
): Promise<void> {
  const key = 'lk-test-key'
  const rooms = await openEngine({ folder: path.join(folder, 'engine'), modelsFolder, hub })
  const { port, server } = await serve(createApp(rooms, key))
  setEngineAddress({ baseURL: `http://127.0.0.1:${port}/v1`, key })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
    rooms.close()
  })
}
