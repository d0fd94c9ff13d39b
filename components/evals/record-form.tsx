'use client'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { refKey, refOf } from '#components/models/model-options.ts'
import { useModelOptions } from '#components/models/use-model-options.ts'
import { Combobox } from '#components/ui/combobox.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Note } from '#components/ui/note.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { Select } from '#components/ui/select.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { Tick } from '#components/ui/tick.tsx'
import { useFieldWords } from '#components/ui/use-error-words.ts'
import { useKeys } from '#components/ui/use-keys.ts'
import { type DatasetSummary, Split } from '#lib/datasets/schema.ts'
import { MOST_ROWS } from '#lib/evals/constants.ts'
import { newEvalId } from '#lib/evals/eval-id.ts'
import { estimateRecording, startRecordingMutation } from '#lib/evals/queries.ts'
import { MOST_RECORDED, RecordingDraft } from '#lib/evals/recording-schema.ts'
import { wordsByPath } from '#lib/i18n/issue-words.ts'
import type { ListedModel, ModelRef } from '#lib/models/schema.ts'
import { Agree, EstimateSentence, EstimateSums } from './form-estimate.tsx'
import { type Choices, FormPage } from './form-page.tsx'
import { Start } from './form-start.tsx'
import { kindByName, useColumnNames } from './names.ts'
import { useAgreement } from './use-agreement.ts'
import { useEstimate } from './use-estimate.ts'

type Draft = Omit<RecordingDraft, 'confirmed'>

interface Wish {
  model: ModelRef | null
  /** The data that the model was trained on, if it is here. */
  datasetId: string | null
}

interface PartProps {
  draft: Draft
  change: (part: Partial<Draft>) => void
  errors: Record<string, string>
}

const NO_DATASET = 'none'

/** Every prompt of a dataset is chosen at first. */
const firstDraft = ({ model, datasetId, datasets }: BodyProps): Draft => ({
  ...{ id: newEvalId(), providerId: model?.providerId ?? '', model: model?.model ?? '' },
  ...{ datasetId: datasetId ?? datasets[0]?.id ?? null, splits: ['train', 'heldout'], rows: 200 },
  ...{ prompts: '', system: '', greedy: true, samples: 1, maxTokens: 512 },
})

function ModelField({
  draft,
  change,
  models,
}: Omit<PartProps, 'errors'> & { models: readonly ListedModel[] }) {
  const t = useTranslations('recording')
  const forms = useTranslations('evals.form')
  const listed = models.find(({ id, providerId }) => id === draft.model && providerId === draft.providerId)
  const options = useModelOptions()(models)
  const value = draft.model === '' ? null : refKey(draft)
  const isListed = value === null || options.some((option) => option.value === value)
  return (
    <Panel aria-label={t('model')}>
      <PanelHead title={t('model')} />
      <PanelBody className="grid gap-2">
        <Combobox
          label={t('model')}
          placeholder={forms('chooseModel')}
          value={value}
          options={isListed ? options : [...options, { value, label: draft.model }]}
          onValueChange={(key) => change(refOf(key) ?? {})}
        />
        {listed?.shutdownDate && <Note tone="warn">{t('until', { date: listed.shutdownDate })}</Note>}
        <p className="max-w-[72ch] text-2">{t('meaning')}</p>
      </PanelBody>
    </Panel>
  )
}

function SplitTicks({ draft, change, dataset }: Omit<PartProps, 'errors'> & { dataset: DatasetSummary }) {
  const t = useTranslations('recording')
  const set = (split: Split, yes: boolean) =>
    change({ splits: Split.options.filter((one) => (one === split ? yes : draft.splits.includes(one))) })
  return (
    <fieldset className="grid gap-x-4 gap-y-1.5 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
      <legend className="float-start font-medium">{t('splits')}</legend>
      <div className="grid gap-1.5 sm:col-start-2">
        {Split.options.map((split) => (
          <Tick key={split} checked={draft.splits.includes(split)} onCheckedChange={(yes) => set(split, yes)}>
            {t(split, { count: dataset[split].examples })}
          </Tick>
        ))}
      </div>
    </fieldset>
  )
}

function PromptFields({
  draft,
  change,
  errors,
  datasets,
}: PartProps & { datasets: readonly DatasetSummary[] }) {
  const t = useTranslations('recording')
  const dataset = datasets.find(({ id }) => id === draft.datasetId)
  return (
    <Panel aria-label={t('prompts')}>
      <PanelHead title={t('prompts')} />
      <PanelBody className="grid gap-3">
        <Field layout="row" label={t('dataset')}>
          <Select
            value={dataset?.id ?? NO_DATASET}
            options={[
              ...datasets.map(({ id, name }) => ({ value: id, label: name })),
              { value: NO_DATASET, label: t('noDataset') },
            ]}
            onValueChange={(id) => change({ datasetId: id === NO_DATASET ? null : id })}
          />
        </Field>
        {dataset && <SplitTicks draft={draft} change={change} dataset={dataset} />}
        {dataset && (
          <Field layout="row" label={t('most')} hint={t('mostHint', { most: MOST_ROWS })} error={errors.rows}>
            <NumberField
              className="w-28"
              min={1}
              max={MOST_ROWS}
              fractionDigits={0}
              stepper
              value={draft.rows}
              onValueChange={(rows) => rows !== null && change({ rows })}
            />
          </Field>
        )}
        <Field
          layout="row"
          label={t('further')}
          optional={dataset !== undefined}
          hint={t('furtherHint')}
          error={errors.prompts}
        >
          <Textarea
            rows={3}
            className="max-h-80"
            value={draft.prompts}
            onValueChange={(prompts) => change({ prompts })}
          />
        </Field>
        {draft.prompts.trim() !== '' && (
          <Field layout="row" label={t('system')} optional hint={t('systemHint')}>
            <Textarea
              className="max-h-60"
              value={draft.system}
              onValueChange={(system) => change({ system })}
            />
          </Field>
        )}
      </PanelBody>
    </Panel>
  )
}

function AnswerFields({ draft, change, errors }: PartProps) {
  const t = useTranslations('recording')
  return (
    <Panel aria-label={t('answers')}>
      <PanelHead title={t('answers')} meta={t('answersMeta')} />
      <PanelBody className="grid gap-3">
        <Tick checked={draft.greedy} onCheckedChange={(greedy) => change({ greedy })}>
          {t('greedy')}
        </Tick>
        <Field layout="row" label={t('samples')} hint={t('samplesHint')} error={errors.samples}>
          <NumberField
            className="w-28"
            min={0}
            max={MOST_RECORDED}
            fractionDigits={0}
            stepper
            value={draft.samples}
            onValueChange={(samples) => samples !== null && change({ samples })}
          />
        </Field>
        <Field layout="row" label={t('maxTokens')} hint={t('maxTokensHint')}>
          <NumberField
            className="w-28"
            min={1}
            max={32_768}
            fractionDigits={0}
            value={draft.maxTokens}
            onValueChange={(maxTokens) => maxTokens !== null && change({ maxTokens })}
          />
        </Field>
      </PanelBody>
    </Panel>
  )
}

type BodyProps = Wish & Choices

function Body(props: BodyProps) {
  const { datasets, models } = props
  const t = useTranslations('recording')
  const blocked = useTranslations('evals.form.blocked')
  const router = useRouter()
  const fieldWords = useFieldWords()
  const [draft, setDraft] = useState(() => firstDraft(props))
  const { data: whole = null, error } = RecordingDraft.safeParse(draft)
  const counted = useEstimate(whole, estimateRecording)
  const { agreed, missing, agree, confirmed } = useAgreement(counted)
  const start = useMutation({
    ...startRecordingMutation(),
    onSuccess: ({ id }) => router.push(`/evals/${id}`),
  })
  const starting = start.isPending || start.isSuccess
  const errors = fieldWords(wordsByPath(error))
  const reason = (() => {
    if (draft.model === '') return t('estimateWaits')
    if (!whole) return Object.values(errors)[0] ?? t('estimateWaits')
    if (counted.error !== null) return t('estimateFailed')
    if (!counted.estimate || counted.stale) return blocked('estimating')
    if (counted.estimate.rows === 0) return blocked('noRows')
    return missing ? blocked('agree') : null
  })()
  const begin = () => {
    if (whole && reason === null && !starting) start.mutate({ ...whole, confirmed })
  }
  useKeys({ 'mod+enter': begin })
  const part = {
    draft,
    errors,
    // Every change gets a new id: one id must not be sent with two different drafts.
    change: (next: Partial<Draft>) => {
      start.reset()
      setDraft((now) => ({ ...now, ...next, id: newEvalId() }))
    },
  }
  const names = useColumnNames(
    (counted.estimate?.columns ?? []).map((column) => ({ ...column, step: null, kind: kindByName(column) })),
  )
  return (
    <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-[minmax(0,1fr)_25rem]">
      <div className="grid gap-3 sm:gap-4">
        <ModelField {...part} models={models} />
        <PromptFields {...part} datasets={datasets} />
        <AnswerFields {...part} />
      </div>
      <div className="grid gap-3 sm:gap-4">
        <EstimateSentence {...counted} of="recording" />
        {start.error && <Failure error={start.error} />}
        {counted.estimate && !counted.stale && (
          <Agree estimate={counted.estimate} agreed={agreed} onAgree={agree} />
        )}
        <Start label={t('start')} reason={reason} starting={starting} onStart={begin} />
        {counted.estimate && counted.error === null && (
          <EstimateSums estimate={counted.estimate} names={names} />
        )}
      </div>
    </div>
  )
}

/** The form for a recording, with an estimate that follows the input. */
export function RecordForm(wish: Wish) {
  const t = useTranslations('recording')
  return <FormPage title={t('title')}>{(choices) => <Body {...wish} {...choices} />}</FormPage>
}
