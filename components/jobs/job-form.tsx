'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { usePrices } from '#components/providers/use-prices.ts'
import { useOwnName } from '#components/providers/use-provider-name.ts'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { SkeletonAnswer } from '#components/ui/skeleton.tsx'
import { useFieldWords } from '#components/ui/use-error-words.ts'
import { AppError } from '#lib/core/errors.ts'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import type { Worded } from '#lib/i18n/worded.ts'
import { combinationsOf } from '#lib/jobs/combinations.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import type { ListedModel } from '#lib/models/schema.ts'
import { providersQuery } from '#lib/providers/queries.ts'
import type { ProviderWithHealth } from '#lib/providers/schema.ts'
import { changesOf, earlierDraft, type Names, versionChange } from './form-changes.ts'
import { FormChecks } from './form-checks.tsx'
import { askedToConfirm, FormConfirm } from './form-confirm.tsx'
import { type Earlier, firstBase, firstDraft, heldOutOf, nextVersion, type Wish } from './form-draft.ts'
import { FormFields } from './form-fields.tsx'
import { FormHyper } from './form-hyper.tsx'
import { MissingData, MissingModel } from './form-missing.tsx'
import { ChangedFrom, DraftKept, StartFrom } from './form-origin.tsx'
import { type Blocker, blockerOf, planOf } from './form-plan.ts'
import { FormRefusal } from './form-refusal.tsx'
import { FormStart } from './form-start.tsx'
import { FormSentence, FormSums } from './form-summary.tsx'
import { FormSweep, NO_SWEEP, sweepOf, sweepProblem } from './form-sweep.tsx'
import { FormTradeOff, useEstimate } from './form-trade-off.tsx'
import { FormTrainer } from './form-trainer.tsx'
import { FormWait, slotAfter } from './form-wait.tsx'
import { useDraft } from './use-draft.ts'
import { useDraftErrors } from './use-draft-errors.ts'
import { useLaunch, useSweep } from './use-launch.ts'
import { useVerdicts } from './use-verdicts.ts'
import { useVersionRows } from './use-version-rows.ts'

const FormCode = lazily(() => import('./form-code.tsx').then((module) => module.FormCode))

interface JobFormProps {
  earlier: Earlier | null
  wish: Wish
}

/** ⌘ or Ctrl with Enter starts the job. */
function useStartKey(start: () => void) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return
      if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      start()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

/** Shows a server error at the field that it names. */
const refusalAt = (error: unknown, fields: readonly string[]): Record<string, Worded> =>
  error instanceof AppError && error.param && fields.includes(error.param)
    ? { [error.param]: error.words }
    : {}

const FIELDS = ['model', 'suffix', 'seed', 'training.datasetId', 'validation', 'validation.datasetId']

interface Known {
  datasets: readonly DatasetSummary[]
  models: ListedModel[]
  providers: ProviderWithHealth[]
}

interface BodyProps extends JobFormProps, Known {}

/** Key of the form's initial values, used to find an unsent draft; empty if there are none. */
function originOf(earlier: Earlier | null, wish: Wish): string {
  const asked = JSON.stringify({ run: earlier?.number, ...wish })
  return asked === '{}' ? '' : asked
}

/** Differences from the source job. */
function useChanges(earlier: Earlier | null, draft: JobDraft, { datasets, models, providers }: Known) {
  const [before] = useState(
    () => earlier && earlierDraft(earlier, firstDraft(earlier, {}, { datasets, models, providers })),
  )
  const nameOf = useOwnName()
  if (!earlier || !before) return []
  const dataset = datasets.find(({ id }) => id === draft.training.datasetId)
  const names: Names = {
    provider: (id) => nameOf(providers.find((provider) => provider.id === id) ?? { id, name: id }),
    dataset: (id) => datasets.find((one) => one.id === id)?.name ?? '–',
  }
  const next = dataset ? nextVersion(dataset) : null
  return [...changesOf(before, draft, names), ...versionChange(earlier, draft, next)]
}

const VIEWS = ['form', 'curl', 'python', 'typescript'] as const
type View = (typeof VIEWS)[number]

function Body({ earlier, wish, ...given }: BodyProps) {
  const t = useTranslations('launch.views')
  const [view, setView] = useState<View>('form')
  const fresh = () => firstDraft(earlier, wish, given)
  const origin = originOf(earlier, wish)
  const kept = useDraft(fresh, origin)
  const { draft } = kept
  const rows = useVersionRows(draft, given.datasets)
  const known = { ...given, datasets: rows.datasets }
  const changes = useChanges(earlier, draft, known)
  const launch = useLaunch({ onSend: kept.keep, onRefused: kept.renew, onDone: kept.done })
  const change = (part: Partial<JobDraft>) => {
    launch.reset()
    kept.change(part)
  }
  const restart = () => {
    launch.reset()
    kept.restart()
  }
  const fieldWords = useFieldWords()
  const errors = useDraftErrors(draft, kept.touched || kept.restored || origin !== '')
  const plan = planOf(draft, known.datasets, usePrices())
  const estimate = useEstimate(draft, plan)
  const provider = known.providers.find(({ id }) => id === draft.providerId) ?? null
  const model = known.models.find(
    ({ id, providerId }) => id === draft.model && providerId === draft.providerId,
  )
  const verdicts = useVerdicts(draft)
  const [sweep, setSweep] = useState(NO_SWEEP)
  const swept = sweepOf(sweep, draft)
  const sweeping = useSweep({ onSend: kept.keep, onDone: kept.done })
  const unswept: Blocker | null =
    draft.providerId === 'embedded' && sweepProblem(sweep) ? { kind: 'sweep' } : null
  const blocker =
    rows.blocker ??
    unswept ??
    blockerOf(draft, known.datasets, errors, {
      provider,
      model,
      verdicts,
      available: estimate.available,
    })
  const starting = [launch, sweeping].some(({ isPending, isSuccess }) => isPending || isSuccess)
  const start = () => {
    if (starting || kept.reading) return
    if (swept) sweeping.mutate({ draft, epochs: [...swept.epochs], rates: [...swept.rates] })
    else launch.mutate(draft)
  }
  useStartKey(() => !blocker && start())
  const atField = refusalAt(launch.error, FIELDS)
  const refused = launch.error && askedToConfirm(launch.error) === null && Object.keys(atField).length === 0
  const slot = slotAfter(launch.error, launch.submittedAt)
  const embedded = firstBase(known.models, 'embedded')
  const form = { draft, change, errors: fieldWords({ ...errors, ...atField }), ...known }
  return (
    <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-[minmax(0,1fr)_25rem] wide:grid-rows-[auto_auto_1fr]">
      <div className="grid gap-3 sm:gap-4 wide:row-span-3">
        <div className="flex flex-wrap items-center gap-3">
          <Segmented
            label={t('label')}
            value={view}
            onValueChange={setView}
            options={VIEWS.map((value) => ({ value, label: t(value) }))}
          />
          {kept.restored && <DraftKept onRestart={restart} />}
        </div>
        {draft.training.datasetId === '' && (
          <MissingData
            earlier={earlier}
            wish={wish}
            onImported={(dataset) =>
              change({
                training: { datasetId: dataset.id, split: 'train' },
                validation: heldOutOf(dataset),
              })
            }
          />
        )}
        {wish.model && draft.model === '' && <MissingModel model={wish.model} />}
        {view === 'form' ? (
          <>
            <FormFields {...form} />
            <FormTrainer {...form} />
            <FormHyper {...form} plan={plan} />
            <FormSweep draft={draft} text={sweep} onChange={setSweep} />
          </>
        ) : (
          <FormCode language={view} draft={draft} provider={provider} dataset={plan?.dataset} />
        )}
      </div>
      <div className="order-first wide:order-none">
        <FormSentence draft={draft} plan={plan} estimate={estimate} />
      </div>
      <div className="grid gap-3 sm:gap-4 wide:col-start-2 wide:row-start-3">
        {slot !== null && (
          <FormWait
            draft={draft}
            provider={provider?.name ?? draft.providerId}
            at={slot}
            onDone={kept.done}
          />
        )}
        {sweeping.error && <FormRefusal error={sweeping.error} onEmbedded={null} />}
        {refused && (
          <FormRefusal
            error={launch.error}
            onEmbedded={embedded ? () => change({ providerId: 'embedded', model: embedded }) : null}
          />
        )}
        {plan && (
          <>
            <FormSums plan={plan} />
            <FormTradeOff plan={plan} estimate={estimate} />
            <FormChecks
              plan={plan}
              draft={draft}
              provider={provider}
              model={model}
              estimate={estimate}
              verdicts={verdicts}
            />
          </>
        )}
      </div>
      <div className="sticky -bottom-4 z-10 -mx-(--gutter) -mb-4 grid gap-2 border-t bg-canvas px-(--gutter) py-3 sm:-bottom-6 sm:-mb-6 wide:static wide:col-start-2 wide:row-start-2 wide:mx-0 wide:mb-0 wide:border-0 wide:p-0">
        <FormStart
          plan={plan}
          blocker={blocker}
          hold={provider?.hold ?? null}
          starting={starting}
          count={swept ? combinationsOf(swept).length : 1}
          onStart={start}
        />
        {earlier && <ChangedFrom number={earlier.number} changes={changes} />}
      </div>
      <FormConfirm
        error={launch.error}
        provider={provider?.name ?? draft.providerId}
        busy={launch.isPending}
        onConfirm={(confirmed) => launch.mutate({ ...draft, confirmed })}
        onCancel={() => launch.reset()}
      />
    </div>
  )
}

function Nothing() {
  const t = useTranslations('jobs.form')
  return (
    <Panel>
      <EmptyState actions={<LinkButton href="/datasets">{t('toDatasets')}</LinkButton>}>
        {t('noDatasets')}
      </EmptyState>
    </Panel>
  )
}

/** Polls while a provider is in backoff; our server answers, so no request reaches the provider. */
const whileResting = ({ state }: { state: { data?: ProviderWithHealth[] } }): number | false =>
  state.data?.some(({ hold }) => hold?.until != null) ? 5_000 : false

/** The form for a new job, with an estimate that follows the input. */
export function JobForm({ earlier, wish }: JobFormProps) {
  const t = useTranslations('jobs')
  const datasets = useQuery(datasetsQuery())
  const models = useQuery(modelsQuery())
  const providers = useQuery({ ...providersQuery(), refetchInterval: whileResting })
  const failed = [datasets, models, providers].find(({ data, error }) => error && !data)
  const ready = datasets.data && models.data && providers.data
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('title'), href: '/jobs' }, { label: t('form.title') }]}
        meta={earlier && t('form.from', { name: earlier.name, number: earlier.number })}
      >
        <StartFrom />
      </PageHeader>
      <Page>
        {failed ? (
          <Panel>
            <Failure error={failed.error} onRetry={() => failed.refetch()} retrying={failed.isFetching} />
          </Panel>
        ) : !ready ? (
          <SkeletonAnswer />
        ) : datasets.data.length === 0 ? (
          <Nothing />
        ) : (
          <Body
            earlier={earlier}
            wish={wish}
            datasets={datasets.data}
            models={models.data.models}
            providers={providers.data}
          />
        )}
      </Page>
    </>
  )
}
