import { previewImport } from '#lib/datasets/preview.ts'
import type { ImportPreview } from '#lib/datasets/schema.ts'
import type { ImportPlan } from '#lib/training-data/formats/plan.ts'
import type { TrainingLine } from '#lib/training-data/schema.ts'

/** What an import makes of a text, before it comes in. */
export const text = (name: string, content: string, plan?: ImportPlan) =>
  previewImport(Buffer.from(content), { name, plan })

/** The rows that a preview shows, as they will be. */
export const rowsIn = ({ rows }: ImportPreview) =>
  rows.flatMap(({ after }) => (after === null ? [] : [JSON.parse(after) as TrainingLine]))

export const problems = ({ rows }: ImportPreview) =>
  rows.flatMap((row) => ('problem' in row ? [row.problem] : []))

export const say = (role: string, content: string) => ({ role, content })
