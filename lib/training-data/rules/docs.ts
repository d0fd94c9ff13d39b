import { messages } from './docs/messages.ts'
import { budget, quality } from './docs/quality.ts'
import { structure } from './docs/structure.ts'
import { target } from './docs/target.ts'
import type { RuleEntry } from './entry.ts'

/** Every rule once. Its text is in the catalogue: `rules` says what is wrong, `ruleWhy` why it matters. */
export const ruleDocs: readonly RuleEntry[] = [...structure, ...messages, ...budget, ...quality, ...target]
