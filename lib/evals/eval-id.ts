import { newId } from '#lib/core/ids.ts'

export const newEvalId = (): string => newId('eval_')
