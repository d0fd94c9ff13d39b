import { config } from 'zod'

// Runs before any page code: zod would probe `new Function`, which the content security policy reports.
config({ jitless: true })
