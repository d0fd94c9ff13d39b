import { config } from 'zod'
import { noteNavigation } from '#components/shell/opening/coming.ts'

// Runs before any page code: zod would probe `new Function`, which the content security policy reports.
config({ jitless: true })

/** Called by Next.js for every navigation that stays in the app. */
export const onRouterTransitionStart = noteNavigation
