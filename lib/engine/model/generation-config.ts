import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { reasons } from './reasons.ts'
import type { SamplingOptions } from './sampler.ts'

export const GENERATION_CONFIG = 'generation_config.json'

/** OpenAI's defaults, for a model without recommended values. */
const API_DEFAULTS: SamplingOptions = { temperature: 1, topP: 1 }

/** The keys of `generation_config.json` that the sampler supports; like vLLM, it ignores `do_sample`. */
const GenerationConfig = z.looseObject({
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  eos_token_id: z.union([z.number().int(), z.array(z.number().int())]).nullish(),
})

/**
 * A model's sampling defaults when a request sets none: from `generation_config.json`, else temperature 1 and
 * top_p 1.
 * @throws AppError `invalid` that names the key, for an unreadable file
 */
export function readSamplingDefaults(folder: string): SamplingOptions {
  const config = readGenerationConfig(folder)
  return {
    temperature: config.temperature ?? API_DEFAULTS.temperature,
    topP: config.top_p ?? API_DEFAULTS.topP,
  }
}

/**
 * Token ids that end generation; some models list theirs only here.
 * @throws AppError as `readSamplingDefaults` does
 */
export const readEndTokens = (folder: string): number[] =>
  [readGenerationConfig(folder).eos_token_id ?? []].flat()

function readGenerationConfig(folder: string): z.infer<typeof GenerationConfig> {
  const file = path.join(folder, GENERATION_CONFIG)
  return existsSync(file) ? parse(readFileSync(file, 'utf8')) : {}
}

function parse(text: string): z.infer<typeof GenerationConfig> {
  const invalid = (reason: string) =>
    new AppError('invalid', { message: `${GENERATION_CONFIG} cannot be used: ${reason}` })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw invalid('it is not JSON.')
  }
  const parsed = GenerationConfig.safeParse(json)
  if (!parsed.success) throw invalid(reasons(parsed.error))
  return parsed.data
}
