import { readKey } from '#lib/auth/key.ts'
import { ShownKey } from '#lib/auth/schema.ts'
import { route } from '#lib/http/route.ts'

/** The front door lets only our own pages ask; no provider's key ever comes this way. */
export const GET = route({ answer: ShownKey }, () => ({ key: readKey() }))
