import { readKey } from '#lib/auth/key.ts'
import { route } from '#lib/http/route.ts'

/** The front door lets only our own pages ask; no provider's key ever comes this way. */
export const GET = route({}, () => ({ key: readKey() }))
