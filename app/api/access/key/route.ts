import { readKey } from '#lib/auth/key.ts'
import { ShownKey } from '#lib/auth/schema.ts'
import { route } from '#lib/http/route.ts'

/** The request guard accepts only our own pages here; this route never returns a provider's key. */
export const GET = route({ answer: ShownKey }, () => ({ key: readKey() }))
