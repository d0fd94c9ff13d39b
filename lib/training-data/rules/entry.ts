import type { RuleId } from '../issue.ts'

/** Documentation of a rule in `docs/rules.md`; its text is in the catalogue. */
export interface RuleEntry {
  id: RuleId
  /** `either`: it depends on the case. */
  severity: 'error' | 'warning' | 'either'
  group: 'structure' | 'messages' | 'budget' | 'quality' | 'target'
  /** File text that breaks the rule. A lone surrogate (U+DCxx) stands for the byte xx. */
  bad: string
  /** The same text, correct. */
  good: string
  /** Held-out lines, for a rule that compares both splits. */
  heldout?: { bad: string; good: string }
  /** `safe`: fixed without a question; `review`: fixed, but needs a review; `by hand`: no automatic fix. */
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

export const chat = (...messages: readonly Words[]): string => JSON.stringify({ messages })
export const asked = (question: string, answer: string): string => chat(user(question), assistant(answer))

/** A few rows without issues. */
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
