import type { RuleId } from '../issue.ts'

/** What is known of a rule besides its words and its code: a line of `docs/rules.md`. */
export interface RuleEntry {
  id: RuleId
  /** `either`: it depends on the case. */
  severity: 'error' | 'warning' | 'either'
  group: 'structure' | 'messages' | 'budget' | 'quality' | 'target'
  /** Text of a file that it speaks of. A half of a surrogate pair (U+DCxx) stands for the byte xx. */
  bad: string
  /** The same as it should be. */
  good: string
  /** Held-out lines beside them, where it takes two splits. */
  heldout?: { bad: string; good: string }
  /** `safe`: mended without a question; `review`: mended, but somebody should look; else nobody can but its writer. */
  repair: 'safe' | 'review' | 'by hand'
}

type Words = Readonly<Record<string, unknown>>

export const system = (content: string): Words => ({ role: 'system', content })
export const user = (content: unknown): Words => ({ role: 'user', content })
export const assistant = (content: unknown, more: Words = {}): Words => ({
  role: 'assistant',
  content,
  ...more,
})

/** A line of a conversation. */
export const chat = (...messages: readonly Words[]): string => JSON.stringify({ messages })
export const asked = (question: string, answer: string): string => chat(user(question), assistant(answer))

/** A few rows that nobody has anything to say against. */
export const plain: readonly string[] = [
  asked('What is neon?', 'A noble gas that glows orange red in lamps.'),
  asked('Which metal is liquid?', 'Mercury melts far below room temperature.'),
  asked('Why does iron rust?', 'Water and air turn it into its oxides.'),
  asked('Is gold heavy?', 'A litre of it weighs more than nineteen kilograms.'),
  asked('Where is helium found?', 'In wells of natural gas, and in the sun.'),
  asked('What do plants breathe?', 'Carbon dioxide by day, oxygen by night.'),
  asked('Who found radium?', 'Marie and Pierre Curie, in the year 1898.'),
  asked('Does silver tarnish?', 'Sulphur in the air makes it black.'),
  asked('What is brass?', 'An alloy of copper and zinc.'),
  asked('How hard is diamond?', 'Nothing that grows in nature scratches it.'),
]

export const lines = (...texts: readonly string[]): string => texts.join('\n')
