import type { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'

type Fields = Record<string, unknown>

/** Path of the first field of `value` that is missing in `known`, which a schema parsed from it. */
function unknownField(value: unknown, known: unknown): string[] | null {
  if (typeof value !== 'object' || value === null) return null
  for (const [name, inner] of Object.entries(value)) {
    if (!Object.hasOwn(known as Fields, name)) return [name]
    const deeper = unknownField(inner, (known as Fields)[name])
    if (deeper) return [name, ...deeper]
  }
  return null
}

/** How a value does not fit its schema as JSON, by field; null when it fits. */
function misfit(schema: z.ZodType, value: unknown): string | null {
  const sent: unknown = JSON.parse(JSON.stringify(value ?? null))
  const { success, data, error } = schema.safeParse(sent)
  if (!success) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n')
  const path = unknownField(sent, data)
  return path && `${path.join('.')}: The schema does not have this field.`
}

/**
 * An answer of the studio, typed by its schema; on both sides JSON gets its type only here. Development and tests also
 * check it, and find unknown fields. Production trusts it, since server and page are of one build: an evaluation of
 * 1,000 rows and 13 models (7 MB) takes 60 ms to become JSON, and the check would take 250 ms more.
 * @throws AppError internal, which names the field
 */
export function answerOf<Answer>(schema: z.ZodType<Answer>, value: unknown): Answer {
  const wrong = process.env.NODE_ENV === 'production' ? null : misfit(schema, value)
  if (wrong === null) return value as Answer
  const cause = new TypeError(`The answer does not fit its schema.\n${wrong}`)
  throw new AppError('internal', { message: cause.message }, { cause })
}

/**
 * `answerOf` for the browser. zod and the schemas are a quarter of what a page would have to load, and production checks
 * nothing: they are loaded only where answers are checked.
 * @param load the schemas to choose from
 */
export const reading =
  <Schemas>(load: () => Promise<Schemas>) =>
  async <Answer>(schemaOf: (schemas: Schemas) => z.ZodType<Answer>, value: unknown): Promise<Answer> =>
    process.env.NODE_ENV === 'production' ? (value as Answer) : answerOf(schemaOf(await load()), value)
