'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { jobName } from '#components/jobs/job-name.ts'
import { SamplingFields } from '#components/playground/sampling-fields.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Note } from '#components/ui/note.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { useFieldWords } from '#components/ui/use-error-words.ts'
import { useKeys } from '#components/ui/use-keys.ts'
import { newEvalId } from '#lib/evals/eval-id.ts'
import type { Grader } from '#lib/evals/graders/schema.ts'
import { estimateEval, gradersQuery, startEvalMutation } from '#lib/evals/queries.ts'
import { FormColumns } from './form-columns.tsx'
import { FormData } from './form-data.tsx'
import {
  answersInEightBits,
  asked,
  type Bar,
  draftErrors,
  type EvalRun,
  type FormDraft,
  firstDraft,
} from './form-draft.ts'
import { Agree, EstimateSentence, EstimateSums } from './form-estimate.tsx'
import { FormGraders } from './form-graders.tsx'
import { type Choices, FormPage } from './form-page.tsx'
import { Start } from './form-start.tsx'
import { kindByName, useColumnNames } from './names.ts'
import { useAgreement } from './use-agreement.ts'
import { type Count, useEstimate } from './use-estimate.ts'

export interface EvalWish {
  run: EvalRun | null
  /** The initial dataset; empty if there is none. */
  datasetId: string
  /** Proposed graders for the answers, which the user can change. */
  graders: Grader[] | null
  bar: Bar | null
  /** Id of the dataset in the URL. */
  asked: string | null
}

interface BodyProps extends Choices {
  wish: EvalWish
}

/** The draft; selecting a dataset also sets matching graders and the current rows. */
function useDraft({ wish, datasets, models }: BodyProps) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState<FormDraft>(() =>
    firstDraft(
      wish.run,
      datasets.find(({ id }) => id === wish.datasetId),
      models,
      wish.graders,
      wish.bar,
    ),
  )
  const [judgedByHand, setByHand] = useState(false)
  // Every change gets a new id: one id must not be sent with two different drafts.
  const change = (part: Partial<FormDraft>) => {
    if (part.graders) setByHand(true)
    setDraft((now) => ({ ...now, ...part, id: newEvalId() }))
  }
  const choose = (datasetId: string) => {
    const { run } = wish
    change({ datasetId, versionId: run?.datasetId === datasetId ? (run.datasetVersion?.id ?? null) : null })
    if (judgedByHand) return
    void queries.fetchQuery(gradersQuery(datasetId)).then(
      (graders) =>
        setDraft((now) => (now.datasetId === datasetId ? { ...now, id: newEvalId(), graders } : now)),
      // Without a proposal the graders stay unchanged.
      () => undefined,
    )
  }
  return { draft, change, choose }
}

function useBlocker(draft: FormDraft, whole: boolean, { estimate, stale, error }: Count, missing: boolean) {
  const t = useTranslations('evals.form.blocked')
  const fieldWords = useFieldWords()
  const [path = '', message = t('graders')] = Object.entries(fieldWords(draftErrors(draft)))[0] ?? []
  const [, place] = /^graders\.(\d+)/.exec(path) ?? []
  if (!draft.datasetId) return t('dataset')
  if (draft.columns.some(({ model }) => !model)) return t('columns')
  if (!whole) return place === undefined ? message : t('grader', { place: Number(place) + 1, message })
  if (error !== null) return t('refused')
  if (!estimate || stale) return t('estimating')
  if (estimate.rows === 0) return t('noRows')
  return missing ? t('agree') : null
}

/** Explains why rows must be selected: the requested data is not available. */
function MissingRows({ run, asked }: Pick<EvalWish, 'run' | 'asked'>) {
  const t = useTranslations('evals.form.missing')
  if (asked) return <Note tone="warn">{t('dataset', { id: asked })}</Note>
  return run && <Note tone="warn">{t('run', { number: run.number })}</Note>
}

function Body(props: BodyProps) {
  const { wish, datasets, models } = props
  const t = useTranslations('evals.form')
  const router = useRouter()
  const { draft, change, choose } = useDraft(props)
  const names = useColumnNames(
    draft.columns.map((column) => ({
      ...column,
      label: '',
      step: stepIn(column.model),
      kind: kindByName(column),
    })),
  )
  const whole = asked(draft, names, null)
  const counted = useEstimate(whole, estimateEval)
  const { agreed, missing, agree, confirmed } = useAgreement(counted)
  const fieldWords = useFieldWords()
  const reason = useBlocker(draft, whole !== null, counted, missing)
  const start = useMutation({ ...startEvalMutation(), onSuccess: ({ id }) => router.push(`/evals/${id}`) })
  const starting = start.isPending || start.isSuccess
  const begin = () => {
    const ready = counted.estimate && asked(draft, names, confirmed)
    if (ready && reason === null && !starting) start.mutate(ready)
  }
  useKeys({ 'mod+enter': begin })
  const part = {
    draft,
    errors: fieldWords(draftErrors(draft)),
    change: (next: Partial<FormDraft>) => {
      start.reset()
      change(next)
    },
  }
  return (
    <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-[minmax(0,1fr)_25rem] wide:grid-rows-[auto_auto_1fr]">
      <div className="grid gap-3 sm:gap-4 wide:row-span-3">
        {!draft.datasetId && <MissingRows {...wish} />}
        <FormData {...part} datasets={datasets} onDataset={choose} />
        <FormColumns {...part} models={models} names={names} run={wish.run} />
        <FormGraders {...part} />
        <Panel aria-label={t('sampling')}>
          <PanelHead title={t('sampling')} meta={t('samplingMeta')} />
          <PanelBody className="flex flex-wrap gap-x-5 gap-y-2">
            <SamplingFields
              value={draft.sampling}
              onChange={(next) => part.change({ sampling: { ...draft.sampling, ...next } })}
            />
            {(draft.exact || answersInEightBits(draft, models)) && (
              <label className="flex min-h-8 items-center gap-2">
                <input
                  type="checkbox"
                  className="accent-(--accent)"
                  checked={draft.exact}
                  onChange={({ target }) => part.change({ exact: target.checked })}
                />
                {t('exact')}
                <span className="text-3 text-meta">{t('exactHint')}</span>
              </label>
            )}
          </PanelBody>
        </Panel>
      </div>
      <div className="order-first wide:order-none">
        <EstimateSentence {...counted} />
      </div>
      <div className="grid gap-3 sm:gap-4 wide:col-start-2 wide:row-start-3">
        {counted.estimate && counted.error === null && (
          <EstimateSums estimate={counted.estimate} names={names} />
        )}
      </div>
      <div className="sticky -bottom-4 z-10 -mx-(--gutter) -mb-4 grid gap-3 border-t bg-canvas px-(--gutter) py-3 sm:-bottom-6 sm:-mb-6 wide:static wide:col-start-2 wide:row-start-2 wide:mx-0 wide:mb-0 wide:border-0 wide:p-0">
        {start.error && <Failure error={start.error} />}
        {counted.estimate && !counted.stale && (
          <Agree estimate={counted.estimate} agreed={agreed} onAgree={agree} />
        )}
        <Start label={t('start')} reason={reason} starting={starting} onStart={begin} />
      </div>
    </div>
  )
}

/** The step in a checkpoint's name. */
const stepIn = (model: string): number | null => {
  const [, step] = /:ckpt-step-(\d+)$/.exec(model) ?? []
  return step === undefined ? null : Number(step)
}

/** The form for a new evaluation, with an estimate that follows the input. */
export function EvalForm({ wish }: { wish: EvalWish }) {
  const t = useTranslations('evals')
  const { run } = wish
  return (
    <FormPage title={run ? `${t('new')}: ${jobName(run)}` : t('new')}>
      {(choices) =>
        choices.datasets.length > 0 ? (
          <Body wish={wish} {...choices} />
        ) : (
          <Panel>
            <EmptyState actions={<LinkButton href="/datasets">{t('toDatasets')}</LinkButton>}>
              {t('form.noDatasets')}
            </EmptyState>
          </Panel>
        )
      }
    </FormPage>
  )
}
