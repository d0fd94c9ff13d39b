import { messages } from './book/messages.ts'
import { budget, quality } from './book/quality.ts'
import { structure } from './book/structure.ts'
import { target } from './book/target.ts'
import type { RuleEntry } from './entry.ts'

/** Every rule once. Its words are in the catalogue: `rules` says what is wrong, `ruleWhy` why it matters. */
export const book: readonly RuleEntry[] = [...structure, ...messages, ...budget, ...quality, ...target]
