import { useTranslations } from 'use-intl'
import type { Format } from '#components/ui/format.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { BreakEven, Quality, Worth } from '#lib/evals/cost-schema.ts'

/** Decimals of the dollars of a single call: most calls cost less than a hundredth of a cent. */
export const CALL_DIGITS = 6

/** Selects the message for a verdict; days require calls, and no saving is not a loss. */
function wordsFor({ verdict, saving, days }: BreakEven) {
  if (verdict === 'after' && days === null) return 'afterCalls'
  return verdict === 'never' && saving === 0 ? 'same' : verdict
}

const times = (micro: number | null, calls: number): number | null => (micro === null ? null : micro * calls)

function numbersOf(
  { count, dollars, fixed }: Format,
  worth: Worth,
  against: 'base' | 'fewShot',
  { saving, calls, days }: BreakEven,
) {
  const perCall = (micro: number | null) => dollars(micro, CALL_DIGITS)
  const { training, lanes, callsPerDay } = worth
  const costOf = (kind: string) => lanes.find((lane) => lane.kind === kind)?.costPerCall ?? null
  const difference = saving === null ? null : Math.abs(saving)
  return {
    training: dollars(training),
    before: perCall(costOf(against)),
    after: perCall(costOf('tuned')),
    saving: perCall(difference),
    savingPerDay: dollars(times(difference, callsPerDay)),
    calls: count(calls),
    days: fixed(days, days !== null && days < 100 ? 1 : 0),
    callsPerDay: count(callsPerDay),
  }
}

const level = ({ fixed, percent }: Format, value: number, mean: boolean): string =>
  mean ? fixed(value) : percent(value)

/** Quality of both, and whether the difference may be chance. */
function QualityWords({ quality: { before, after, mean, better, p } }: { quality: Quality }) {
  const format = useFormat()
  const t = useTranslations('worth.answers')
  const numbers = {
    before: level(format, before, mean),
    after: level(format, after, mean),
    p: format.pValue(p),
  }
  return <span className="block">{t(better ?? 'none', numbers)}</span>
}

interface AgainstProps {
  worth: Worth
  against: 'base' | 'fewShot'
  even: BreakEven | null
}

/** One comparison: the verdict, and below it the calculation with all its numbers. */
function Against({ worth, against, even }: AgainstProps) {
  const format = useFormat()
  const t = useTranslations('worth')
  const head = <b className="font-semibold">{t(`against.${against}`, { count: worth.k })}</b>
  if (!even)
    return (
      <p>
        {head} <span className="block text-3 text-meta">{t(worth.k === 0 ? 'asBase' : 'noColumn')}</span>
      </p>
    )
  const words = wordsFor(even)
  const { quality } = even
  const bought = {
    before: quality ? level(format, quality.before, quality.mean) : '',
    after: quality ? level(format, quality.after, quality.mean) : '',
  }
  const numbers = numbersOf(format, worth, against, even)
  return (
    <p>
      {head}{' '}
      {words === 'buys'
        ? t('verdict.buys', { ...bought, saving: numbers.saving })
        : t(`verdict.${words}`, numbers)}
      {quality && <QualityWords quality={quality} />}
      <span className="block text-3 text-meta">{t(`sum.${words}`, numbers)}</span>
    </p>
  )
}

/** Whether fine-tuning pays off against each alternative; every line keeps its place. */
export const Verdict = ({ worth }: { worth: Worth }) => (
  <div role="status" className="grid gap-2.5 tabular-nums">
    <Against worth={worth} against="base" even={worth.againstBase} />
    <Against worth={worth} against="fewShot" even={worth.againstFewShot} />
  </div>
)
