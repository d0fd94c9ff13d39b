/** The provider of the streams bench, in a process of its own: its pace is not to depend on who measures. */
import { startStreamProvider } from '../support/stream-provider.ts'

const provider = await startStreamProvider((model, at) => process.send?.({ model, at }))
process.send?.({ baseURL: provider.baseURL })
process.on('disconnect', () => process.exit())
