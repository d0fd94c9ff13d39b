import type { Target } from './verdict.ts'

/** Takes everything and says nothing of its limits: a server that nobody knows. */
const unknown: Target = {
  context: null,
  preference: true,
  tools: true,
  images: true,
  sameTurns: true,
  specials: true,
  minimumRows: 10,
}

/** Longest example that OpenAI's models are trained on: shorter than what the same models read when they answer. */
const OPENAI_CONTEXT = 65_536

/**
 * What destinations take, by the names that the command line knows. Of Together: its own check of files, which refuses
 * two messages of one role in a row and asks for one row at least.
 */
export const targets = {
  engine: { ...unknown, context: 512, preference: false, tools: false, images: false },
  openai: { ...unknown, context: OPENAI_CONTEXT, specials: false },
  azure: { ...unknown, context: OPENAI_CONTEXT, specials: false },
  together: { ...unknown, sameTurns: false, minimumRows: 1 },
  compatible: unknown,
} as const satisfies Record<string, Target>

export type TargetName = keyof typeof targets
