import { afterAll } from 'vitest'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { newFolder, startEngine, stopEngine, type TestEngine } from './engine.ts'

/**
 * The real engine as a process of its own, served to the studio until the last test has ended.
 * @param python of the trl trainer
 */
export async function setUpEngine({ python }: { python?: string } = {}): Promise<TestEngine> {
  const engine = await startEngine(await newFolder(), null, { python })
  setEngineAddress(engine)
  afterAll(async () => {
    setEngineAddress(null)
    await stopEngine(engine)
  })
  return engine
}
