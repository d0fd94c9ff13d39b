import type { $ZodConfig } from 'zod/v4/core'
import { noteNavigation } from '#components/shell/opening/coming.ts'

const shared: typeof globalThis & { __zod_globalConfig?: $ZodConfig } = globalThis

// Runs before any page code: zod would probe `new Function`, which the content security policy reports. All copies of
// zod share what is here; its own `config` would bring it into every page.
shared.__zod_globalConfig = { jitless: true }

/** Called by Next.js for every navigation that stays in the app. */
export const onRouterTransitionStart = noteNavigation
