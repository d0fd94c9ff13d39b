import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Worth, WorthLane } from '#lib/evals/cost-schema.ts'
import { CALL_DIGITS } from './cost-verdict.tsx'
import { Share } from './page/score-table.tsx'

const KINDS = ['base', 'fewShot', 'tuned'] as const

/** The basis of the figures, so that an estimate is not mistaken for a measurement. */
function Ground({ lane: { model, n, scaled } }: { lane: WorthLane }) {
  const t = useTranslations('worth')
  return (
    <span className="flex flex-wrap gap-x-2 text-3 text-meta">
      <bdi dir="ltr" title={model} className="truncate font-mono">
        {shortName(model)}
      </bdi>
      <span>{t(scaled ? 'scaledOf' : 'meansOf', { n })}</span>
    </span>
  )
}

function Quality({ lane: { score, scaled } }: { lane: WorthLane }) {
  const t = useTranslations('worth')
  if (score) return <Share score={score} />
  return <span className="text-3">{t(scaled ? 'notAsked' : 'notJudged')}</span>
}

function Figures({ lane }: { lane: WorthLane }) {
  const { count, dollars, duration } = useFormat()
  const { tokens, costPerCall, costPerDay, medianMs } = lane
  return (
    <>
      <Td align="end">{count(tokens?.prompt)}</Td>
      <Td align="end">{count(tokens?.cached)}</Td>
      <Td align="end">{count(tokens?.completion)}</Td>
      <Td align="end">{dollars(costPerCall, CALL_DIGITS)}</Td>
      <Td align="end">{dollars(costPerDay)}</Td>
      <Td align="end">{duration(medianMs)}</Td>
    </>
  )
}

const FIGURES = ['prompt', 'cached', 'answer', 'perCall', 'perDay', 'median'] as const

interface LaneProps {
  kind: WorthLane['kind']
  lane: WorthLane | undefined
  k: number
}

/** A lane without data keeps its row: nothing moves when the user selects another number of examples. */
function Lane({ kind, lane, k }: LaneProps) {
  const t = useTranslations('worth')
  const without = t(kind === 'fewShot' && k === 0 ? 'asBase' : 'noColumn')
  return (
    <Tr>
      <Td className="h-12! py-1.5">
        <span className="grid">
          <span className="font-medium">{t(`lane.${kind}`, { count: k })}</span>
          {lane ? <Ground lane={lane} /> : <span className="text-3 text-meta">{without}</span>}
        </span>
      </Td>
      <Td>{lane ? <Quality lane={lane} /> : '–'}</Td>
      {lane ? (
        <Figures lane={lane} />
      ) : (
        FIGURES.map((figure) => (
          <Td key={figure} align="end">
            –
          </Td>
        ))
      )}
    </Tr>
  )
}

/** The three ways to get answers, always in the same order. */
export function Lanes({ worth, stale }: { worth: Worth; stale: boolean }) {
  const t = useTranslations('worth')
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
      tabIndex={0}
      aria-label={t('lanes')}
      aria-busy={stale}
      className="-outline-offset-2! overflow-x-auto aria-busy:opacity-60"
    >
      <Table caption={t('caption')} className="overflow-visible!">
        <thead>
          <tr>
            {/* The name column takes the remaining width: no column moves when a sum gets longer. */}
            <Th className="w-full">{t('way')}</Th>
            <Th className="min-w-44">{t('quality')}</Th>
            {FIGURES.map((figure) => (
              <Th key={figure} align="end" className="min-w-24" title={t(`about.${figure}`)}>
                {t(figure)}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {KINDS.map((kind) => (
            <Lane key={kind} kind={kind} lane={worth.lanes.find((lane) => lane.kind === kind)} k={worth.k} />
          ))}
        </tbody>
      </Table>
    </section>
  )
}
