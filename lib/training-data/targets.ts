import type { Target } from './verdict.ts'

/** An unknown server: accepts everything, limits unknown. */
const unknown: Target = {
  context: null,
  preference: true,
  tools: true,
  images: true,
  sameTurns: true,
  specials: true,
  minimumRows: 10,
}

/** Longest training example at OpenAI: shorter than the context of the same models at inference. */
const OPENAI_CONTEXT = 65_536

/**
 * What destinations accept, by their names on the command line. Together: from its own file check, which rejects two
 * consecutive messages of one role and requires at least one row. Fireworks: at least three, as its guide says.
 */
export const targets = {
  engine: { ...unknown, context: 512, tools: false, images: false },
  openai: { ...unknown, context: OPENAI_CONTEXT, specials: false },
  azure: { ...unknown, context: OPENAI_CONTEXT, specials: false },
  together: { ...unknown, sameTurns: false, minimumRows: 1 },
  fireworks: { ...unknown, minimumRows: 3 },
  compatible: unknown,
} as const satisfies Record<string, Target>

export type TargetName = keyof typeof targets
