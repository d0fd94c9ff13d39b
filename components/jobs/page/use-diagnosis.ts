import { useTranslations } from 'use-intl'
import { useScores } from '#components/evals/use-scores.ts'
import type { Format } from '#components/ui/format.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import type { Diagnosis } from '#lib/jobs/series-schema.ts'
import { useFailureWords } from '../failure-words.ts'
import { type HeldOut, heldOutOf } from './held-out.ts'

type Validation = NonNullable<Extract<Diagnosis, { validation: unknown }>['validation']>

type Key =
  | 'memorised'
  | 'inARow'
  | 'diverged'
  | 'stuck'
  | 'risen'
  | 'learning'
  | 'learnt'
  | 'unclear'
  | 'bestThen'
  | 'bestNow'
  | 'bestSame'
  | 'noValidation'
  | 'waiting'
  | 'noMetrics'
  | 'cancelled'
  | 'notANumber'
  | 'nothing'
  | 'preferring'
  | 'trainingPairs'
  | 'heldOutPairs'
  | HeldOut['standing']
  | 'wordingOnly'

/** A message of the catalogue with its numbers. */
interface Sentence {
  key: Key
  values: Record<string, string | number>
}

export interface Diagnosed {
  diagnosis: Diagnosis
  /** Held-out result of the model, once known: it takes precedence over the losses. */
  heldOut: HeldOut | null
  sentences: Sentence[]
  /** The same as plain text. */
  text: string
}

function useSentences() {
  const format = useFormat()
  const { fixed } = format
  const t = useTranslations('jobs.diagnosis')
  const validationIn = ({ best, last, step, epoch, risen }: Validation): Sentence => {
    const at = epoch === null ? t('step', { step }) : t('epoch', { epoch })
    if (risen) return { key: 'bestThen', values: { at, best: fixed(best), now: fixed(last) } }
    return { key: last === best ? 'bestNow' : 'bestSame', values: { now: fixed(last) } }
  }
  return (diagnosis: Diagnosis, job: JobDetail): Sentence[] => {
    switch (diagnosis.kind) {
      case 'unknown':
      case 'failed':
        return []
      case 'cancelled':
        return [{ key: 'cancelled', values: { step: job.step ?? 0, kept: job.checkpoints.length } }]
      case 'waiting':
      case 'noMetrics':
        return [{ key: diagnosis.kind, values: {} }]
      case 'notANumber':
        return [{ key: 'notANumber', values: { step: diagnosis.step, count: diagnosis.count } }]
    }
    const { kind, validation, heldOutPairs } = diagnosis
    const first = firstOf(diagnosis, format)
    if (heldOutPairs) return hasPairs(kind) ? [first] : [first, pairsIn(heldOutPairs, format)]
    if (validation) return [first, validationIn(validation)]
    const unmeasured = kind !== 'learning' && job.validationFile === null
    return unmeasured ? [first, { key: 'noValidation', values: {} }] : [first]
  }
}

const scoreOf = ({ standing, passed, n, base }: HeldOut): Sentence => ({
  key: standing,
  values: { passed, n, known: base ? 'yes' : 'no', base: base?.passed ?? 0, of: base?.n ?? 0 },
})

/** Puts the held-out score first. If it is good, losses that rose or read 0.00 describe only the wording. */
export function scored(heldOut: HeldOut, diagnosis: Diagnosis, sentences: readonly Sentence[]): Sentence[] {
  const { kind } = diagnosis
  const tooMuch = kind === 'memorised' || kind === 'risen'
  if (heldOut.standing !== 'holds' || !tooMuch) return [scoreOf(heldOut), ...sentences]
  const risen = diagnosis.validation?.risen ? 'yes' : 'no'
  return [scoreOf(heldOut), { key: 'wordingOnly', values: { risen } }]
}

type Measured = Extract<Diagnosis, { validation: unknown }>

/** Verdicts whose own sentence has the numbers of the held-out pairs. */
const hasPairs = (kind: Measured['kind']): boolean => kind === 'preferring' || kind === 'trainingPairs'

const pairsIn = (
  { accuracy, margin }: NonNullable<Measured['heldOutPairs']>,
  { fixed }: Format,
): Sentence => ({
  key: 'heldOutPairs',
  values: { accuracy, margin: fixed(margin) },
})

/** The diagnosis with its numbers. */
function firstOf(diagnosis: Measured, format: Format): Sentence {
  const { fixed } = format
  const { kind, first, last, steps, tail, zeros, rows, heldOutPairs } = diagnosis
  if (kind !== 'memorised') {
    const pairs = heldOutPairs ? pairsIn(heldOutPairs, format).values : {}
    return { key: kind, values: { first: fixed(first), last: fixed(last), steps, ...pairs } }
  }
  // If all losses at the end are zero, the message gives their count.
  const whole = zeros >= tail.of
  return {
    key: whole ? 'inARow' : 'memorised',
    values: { zeros: whole ? zeros : tail.zeros, of: tail.of, rows: rows ?? 0 },
  }
}

/** The diagnosis, used for the note and for the chart's description. */
export function useDiagnosis(job: JobDetail): Diagnosed {
  const t = useTranslations('jobs')
  const sentencesOf = useSentences()
  const failure = useFailureWords()
  const { diagnosis } = job
  const heldOut = heldOutOf(useScores(job).data)
  const told = sentencesOf(diagnosis, job)
  const sentences = heldOut ? scored(heldOut, diagnosis, told) : told
  const plain = sentences.map(({ key, values }) =>
    t.markup(`diagnosis.${key}`, { ...values, b: (words) => words }),
  )
  const failed = job.error ? failure(job.error).lead : t('failure.title')
  const instead = diagnosis.kind === 'unknown' ? t('lost.title') : failed
  return { diagnosis, heldOut, sentences, text: plain.join(' ') || instead }
}
