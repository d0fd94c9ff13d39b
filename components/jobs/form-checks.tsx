'use client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useTranslations } from 'use-intl'
import { GroupRows } from '#components/datasets/verdict/group-rows.tsx'
import { useGroupWords } from '#components/datasets/verdict/use-group-words.ts'
import { useOwnName } from '#components/providers/use-provider-name.ts'
import { Dot } from '#components/ui/dot.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import type { Tone } from '#components/ui/tone.ts'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { versionIn } from '#lib/jobs/version-in.ts'
import { providerKind } from '#lib/providers/kinds.ts'
import { spendingQuery } from '#lib/providers/queries.ts'
import type { CatalogModel, ProviderWithHealth } from '#lib/providers/schema.ts'
import type { Verdict } from '#lib/training-data/schema.ts'
import { type Plan, problemsOf } from './form-plan.ts'
import type { DraftEstimate } from './form-trade-off.tsx'
import { daysUntil } from './suffix.ts'
import type { Verdicts } from './use-verdicts.ts'

/** Number of rows from which fine-tuning usually shows an improvement. */
const ENOUGH = 50

/** Days before the shutdown of a base model at which a warning appears. */
const SOON = 90

interface LineProps {
  tone: Tone
  name: string
  children: ReactNode
}

const Line = ({ tone, name, children }: LineProps) => (
  <li className="flex items-baseline gap-2.5 px-4 py-1">
    <Dot kind={tone === 'ok' ? 'full' : 'half'} tone={tone} />
    <span className="shrink-0">{name}</span>
    <span className="ms-auto text-end text-2 text-meta tabular-nums">{children}</span>
  </li>
)

interface ChecksProps {
  plan: Plan
  provider: ProviderWithHealth | null
  model: CatalogModel | undefined
  estimate: DraftEstimate
  verdicts: Verdicts
  draft: JobDraft
}

/** Result of the data checks; the same for every model. */
function DataLine({ plan: { dataset } }: Pick<ChecksProps, 'plan'>) {
  const t = useTranslations('launch.checks')
  const { examples, errors, warnings } = problemsOf(dataset)
  const tone = errors > 0 ? 'bad' : warnings > 0 ? 'warn' : 'ok'
  return (
    <Line tone={tone} name={t('data')}>
      {t('rows', { count: examples, errors, warnings })}
      {tone !== 'ok' && (
        <>
          {' '}
          <TextLink href={`/datasets/${dataset.id}`}>{t('show')}</TextLink>
        </>
      )}
    </Line>
  )
}

/** Rows that the selected model rejects or truncates. */
function FitLines({
  name,
  datasetId,
  verdict,
}: {
  name: string
  /** Whose rows are linked; null: an earlier version's, which no page shows by their numbers. */
  datasetId: string | null
  verdict: Verdict | null
}) {
  const { count } = useFormat()
  const t = useTranslations('verdict')
  const words = useGroupWords()
  if (!verdict) return null
  const { rows, context, groups } = verdict
  if (groups.length === 0)
    return (
      <Line tone="ok" name={name}>
        {t('fits', { rows, context: context === null ? 'none' : count(context) })}
      </Line>
    )
  return groups.map((group) => (
    <Line
      key={`${group.severity} ${group.rule}`}
      tone={group.severity === 'error' ? 'bad' : 'warn'}
      name={name}
    >
      {words(group, verdict)} {datasetId && <GroupRows datasetId={datasetId} group={group} />}
    </Line>
  ))
}

function ValidationLine({ draft, verdicts }: Pick<ChecksProps, 'draft' | 'verdicts'>) {
  const t = useTranslations('launch.checks')
  const { validation } = draft
  if (!validation)
    return (
      <Line tone="warn" name={t('validation')}>
        {t('noHeldout')}
      </Line>
    )
  if (!verdicts.validation?.groups.length) return null
  const linked = versionIn(draft, validation) === null ? validation.datasetId : null
  return <FitLines name={t('validation')} datasetId={linked} verdict={verdicts.validation} />
}

function ProviderLine({ provider }: Pick<ChecksProps, 'provider'>) {
  const t = useTranslations('launch.checks')
  const say = useErrorWords()
  const nameOf = useOwnName()
  if (!provider) return null
  const { hold, health } = provider
  const name = nameOf(provider)
  if (hold)
    return (
      <Line tone="bad" name={name}>
        {t(`hold.${hold.reason}`)} <TextLink href="/providers">{t('look')}</TextLink>
      </Line>
    )
  const answers = health.state === 'ok'
  return (
    <Line tone={answers ? 'ok' : 'warn'} name={name}>
      {answers ? t('answers') : (say(health) ?? t('silent'))}
    </Line>
  )
}

function SpendLine({ plan, provider }: Pick<ChecksProps, 'plan' | 'provider'>) {
  const { dollars } = useFormat()
  const t = useTranslations('launch.checks')
  const { data = [] } = useQuery(spendingQuery())
  const here = data.find(({ providerId }) => providerId === provider?.id)
  if (!here) return null
  const { spent, reserved, monthlyCap } = here
  const used = spent + reserved
  const fits = monthlyCap === null || used + (plan.cost ?? 0) <= monthlyCap
  return (
    <Line tone={fits ? 'ok' : 'bad'} name={t('spend')}>
      {monthlyCap === null
        ? t('spentOpen', { sum: dollars(used) })
        : t('spentOf', { sum: dollars(used), cap: dollars(monthlyCap) })}
      {!fits && (
        <>
          {' '}
          <TextLink href="/providers#spending">{t('setLimits')}</TextLink>
        </>
      )}
    </Line>
  )
}

function ShutdownLine({ model }: Pick<ChecksProps, 'model'>) {
  const t = useTranslations('launch.checks')
  if (!model?.shutdownDate) return null
  const days = daysUntil(model.shutdownDate, Date.now())
  if (days > SOON) return null
  const date = model.shutdownDate
  return (
    <Line tone={days > 0 ? 'warn' : 'bad'} name={t('base')}>
      {days > 0 ? t('closes', { date, days }) : t('closed', { date })}
    </Line>
  )
}

/** What the job takes of this computer. */
function NeedsLines({ estimate: { needs }, draft }: Pick<ChecksProps, 'estimate' | 'draft'>) {
  const { sizesApart } = useFormat()
  const t = useTranslations('launch.checks')
  if (!needs) return null
  const { longestRow: tokens } = needs
  const beside = (needed: number, free: number) => {
    const [first, second] = sizesApart(needed, free)
    return { needed: first, free: second }
  }
  const memory = beside(needs.memory, needs.freeMemory)
  const disk = beside(needs.disk, needs.freeDisk)
  const [fitsMemory, fitsDisk] = [needs.memory <= needs.freeMemory, needs.disk <= needs.freeDisk]
  const tooMuch =
    tokens > 0
      ? t('tooLong', { ...memory, tokens, tuned: draft.tuning === null ? 'no' : 'yes' })
      : t('tooLarge', memory)
  return (
    <>
      <Line tone={fitsMemory ? 'ok' : 'bad'} name={t('memory')}>
        {fitsMemory ? t('needs', memory) : tooMuch}
      </Line>
      <Line tone={fitsDisk ? 'ok' : 'bad'} name={t('disk')}>
        {t(fitsDisk ? 'needs' : 'diskFull', disk)}
      </Line>
    </>
  )
}

/** The date from which the provider accepts no new jobs, for any model. */
function ClosingLine({
  provider,
  model,
  estimate: { available },
}: Pick<ChecksProps, 'provider' | 'model' | 'estimate'>) {
  const t = useTranslations('launch.checks')
  const date = available?.date
  if (!date || !provider || providerKind(provider.id) !== 'openai' || date === model?.shutdownDate)
    return null
  const days = daysUntil(date, Date.now())
  if (days > SOON) return null
  return (
    <Line tone={days > 0 ? 'warn' : 'bad'} name={t('runs')}>
      {days > 0 ? t('until', { date, days }) : t('ended', { date })}
    </Line>
  )
}

/** Checks before the job starts: everything that could stop it. */
export function FormChecks(props: ChecksProps) {
  const t = useTranslations('launch.checks')
  const heading = useId()
  const { examples } = props.plan.dataset.train
  const enough = examples >= ENOUGH
  return (
    <Panel aria-labelledby={heading}>
      <PanelHead id={heading} title={t('title')} />
      <ul className="py-2">
        <DataLine {...props} />
        <FitLines
          name={t('fit')}
          datasetId={props.draft.version === null ? props.plan.dataset.id : null}
          verdict={props.verdicts.training}
        />
        <ValidationLine {...props} />
        <Line tone={enough ? 'ok' : 'warn'} name={t('enough', { count: examples })}>
          {t(enough ? 'many' : 'few')}
        </Line>
        <NeedsLines {...props} />
        <ProviderLine {...props} />
        <SpendLine {...props} />
        <ClosingLine {...props} />
        <ShutdownLine {...props} />
      </ul>
    </Panel>
  )
}
