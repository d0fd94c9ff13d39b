import type { LooseObject } from './rules/rule.ts'

export const isRecord = (value: unknown): value is LooseObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
