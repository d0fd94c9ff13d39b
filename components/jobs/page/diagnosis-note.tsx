'use client'
import ChartLine from 'lucide-react/icons/chart-line'
import Check from 'lucide-react/icons/check'
import Info from 'lucide-react/icons/info'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useTranslations } from 'use-intl'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Note } from '#components/ui/note.tsx'
import { betterEpochs } from '#lib/jobs/diagnosis.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import type { Diagnosis } from '#lib/jobs/series-schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { FailureCard } from './failure-card.tsx'
import type { HeldOut } from './held-out.ts'
import { LostNote } from './lost-note.tsx'
import type { Diagnosed } from './use-diagnosis.ts'

const look = (kind: Diagnosis['kind'], heldOut: HeldOut | null) => {
  if (heldOut?.standing === 'holds') return { Icon: Check, colour: 'text-ok' }
  if (heldOut?.standing === 'better') return { Icon: Info, colour: 'text-3' }
  const warnings = ['memorised', 'risen', 'diverged', 'notANumber', 'nothing', 'stuck', 'trainingPairs']
  if (heldOut || warnings.includes(kind)) return { Icon: TriangleAlert, colour: 'text-warn-dot' }
  if (kind === 'learning') return { Icon: ChartLine, colour: 'text-busy' }
  if (kind === 'learnt' || kind === 'preferring') return { Icon: Check, colour: 'text-ok' }
  return { Icon: Info, colour: 'text-3' }
}

/** One next step for a finished job, if the numbers suggest one. */
function nextStep(
  { id, status, providerId, hyperparameters }: JobDetail,
  { kind }: Diagnosis,
  epochs: number | null,
) {
  const again = `/jobs/new?from=${id}`
  const { learningRate, learningRateMultiplier } = hyperparameters
  // A rate that is not known cannot be halved.
  const rate = capabilitiesOf(providerId).absoluteRate ? learningRate : (learningRateMultiplier ?? 1)
  if (kind === 'diverged' || kind === 'notANumber')
    return rate === null ? null : ({ key: 'lowerRate', href: `${again}&rate=${rate / 2}` } as const)
  if (status !== 'succeeded') return null
  if (kind === 'stuck')
    return rate === null ? null : ({ key: 'higherRate', href: `${again}&rate=${rate * 2}` } as const)
  return epochs === null ? null : ({ key: 'trainEpochs', href: `${again}&epochs=${epochs}` } as const)
}

/** The diagnosis and one next step. A failure or a lost response has its own card instead. */
export function DiagnosisNote({
  job,
  diagnosis: { diagnosis, heldOut, sentences },
}: {
  job: JobDetail
  diagnosis: Diagnosed
}) {
  const t = useTranslations('jobs')
  if (diagnosis.kind === 'failed') return <FailureCard job={job} />
  if (diagnosis.kind === 'unknown') return <LostNote job={job} />
  const { Icon, colour } = look(diagnosis.kind, heldOut)
  // Do not recommend fewer epochs if the answers are good.
  const epochs = heldOut?.standing === 'holds' ? null : betterEpochs(diagnosis)
  const next = nextStep(job, diagnosis, epochs)
  return (
    <Note
      icon={<Icon size={16} aria-hidden className={colour} />}
      actions={
        next && (
          <LinkButton size="sm" href={next.href}>
            {next.key === 'trainEpochs'
              ? t('diagnosis.trainEpochs', { count: epochs ?? 0 })
              : t(`diagnosis.${next.key}`)}
          </LinkButton>
        )
      }
    >
      <p className="py-1 tabular-nums">
        {sentences.map(({ key, values }, index) => (
          <span key={key}>
            {index > 0 && ' '}
            {t.rich(`diagnosis.${key}`, {
              ...values,
              b: (words) => <b className="font-semibold">{words}</b>,
            })}
          </span>
        ))}
      </p>
    </Note>
  )
}
