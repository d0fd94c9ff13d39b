'use client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useTranslations } from 'use-intl'
import { ForeignSample } from '#components/datasets/foreign-sample.tsx'
import { refOf } from '#components/models/model-options.ts'
import { useModelOptions } from '#components/models/use-model-options.ts'
import { useOwnName } from '#components/providers/use-provider-name.ts'
import { Button } from '#components/ui/button.tsx'
import { Combobox } from '#components/ui/combobox.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import type { Option } from '#components/ui/option.ts'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { RadioCards } from '#components/ui/radio-cards.tsx'
import { Select } from '#components/ui/select.tsx'
import { State } from '#components/ui/state.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { versionsQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary, SplitSummary } from '#lib/datasets/schema.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import type { ListedModel } from '#lib/models/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import type { ProviderId, ProviderWithHealth } from '#lib/providers/schema.ts'
import { choiceKey, choiceOf, firstBase, heldOutOf, nextVersion, trainable, trainers } from './form-draft.ts'
import { cleanSuffix, modelName, suffixFor } from './suffix.ts'

export interface FormFieldsProps {
  draft: JobDraft
  change: (part: Partial<JobDraft>) => void
  datasets: readonly DatasetSummary[]
  models: readonly ListedModel[]
  providers: readonly ProviderWithHealth[]
  errors: Record<string, string>
}

const Line = ({ children }: { children: ReactNode }) => (
  <div className="border-b px-4 py-3 last:border-b-0">{children}</div>
)

function RowsState({ rows }: { rows: SplitSummary }) {
  const t = useTranslations('jobs.form')
  if (rows.errors > 0)
    return (
      <State tone="bad" quiet>
        {t('blockedRows', { count: rows.errors })}
      </State>
    )
  return (
    <State kind={rows.examples > 0 ? 'full' : 'ring'} tone={rows.examples > 0 ? 'ok' : 'mute'} quiet>
      {t('rows', { count: rows.examples })}
    </State>
  )
}

function Where({ draft, change, models, providers }: FormFieldsProps) {
  const t = useTranslations('jobs.form')
  const able = trainers(providers)
  const say = useErrorWords()
  const nameOf = useOwnName()
  // A source job may name a provider that is no longer configured.
  if (able.length < 2 && able.some(({ id }) => id === draft.providerId)) return null
  const choose = (providerId: ProviderId) => change({ providerId, model: firstBase(models, providerId) })
  return (
    <Line>
      <div className="grid gap-x-4 gap-y-1.5 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
        <span aria-hidden="true" className="font-medium sm:pt-1.5">
          {t('where')}
        </span>
        <RadioCards
          label={t('where')}
          value={draft.providerId}
          onValueChange={choose}
          options={able.map(({ id, name, health }) => ({
            value: id,
            label: nameOf({ id, name }),
            hint: health.state === 'ok' ? t('ready') : (say(health) ?? t('notReady')),
          }))}
        />
      </div>
    </Line>
  )
}

function BaseModel({ draft, change, models, errors }: FormFieldsProps) {
  const t = useTranslations('jobs.form')
  // A checkpoint is offered only where the user comes from it: every job leaves some.
  const own = trainable(models, draft.providerId).filter(
    ({ id, kind }) => kind !== 'checkpoint' || id === draft.model,
  )
  const options: Option[] = useModelOptions()(own).map((option) => ({
    ...option,
    value: refOf(option.value)?.model ?? option.value,
  }))
  if (draft.model && !own.some(({ id }) => id === draft.model))
    options.push({ value: draft.model, label: draft.model, detail: t('unlisted') })
  return (
    <Line>
      <Field
        layout="row"
        label={t('base')}
        terms={['baseModel', 'lora']}
        error={draft.model ? errors.model : undefined}
      >
        <Combobox
          label={t('base')}
          value={draft.model || null}
          onValueChange={(model) => change({ model })}
          options={options}
          placeholder={t('baseMissing')}
        />
      </Field>
    </Line>
  )
}

const TIERS = ['standard', 'globalStandard', 'developerTier'] as const

/** How the provider is to train, where it has several ways. */
function Tier({ draft, change }: FormFieldsProps) {
  const t = useTranslations('jobs.form')
  const tiers = TIERS.filter((tier) => capabilitiesOf(draft.providerId).tiers.includes(tier))
  if (tiers.length === 0) return null
  return (
    <Line>
      <Field layout="row" label={t('tier')} hint={t('tierHint')}>
        <Select
          value={draft.tier ?? 'usual'}
          onValueChange={(tier) => change({ tier: tier === 'usual' ? null : tier })}
          options={[
            { value: 'usual', label: t('auto') },
            ...tiers.map((tier) => ({ value: tier, label: t(`tiers.${tier}`) })),
          ]}
        />
      </Field>
    </Line>
  )
}

const versionOf = (dataset: DatasetSummary) => ({
  frozen: dataset.dirty ? 'no' : 'yes',
  number: nextVersion(dataset),
})

function TrainingData({ draft, change, datasets, errors }: FormFieldsProps) {
  const { compact } = useFormat()
  const t = useTranslations('jobs.form')
  const chosen = datasets.find(({ id }) => id === draft.training.datasetId)
  const choose = (datasetId: string) => {
    const next = datasets.find(({ id }) => id === datasetId)
    const isProposed = draft.suffix === suffixFor(chosen?.name ?? '')
    change({
      training: { datasetId, split: 'train' },
      version: null,
      validation: heldOutOf(next),
      ...(isProposed && next && { suffix: suffixFor(next.name) }),
    })
  }
  return (
    <Line>
      <Field
        layout="row"
        label={t('training')}
        terms={['token']}
        hint={chosen && t('trainingHint', { tokens: compact(chosen.train.tokens), ...versionOf(chosen) })}
        error={chosen && errors['training.datasetId']}
      >
        <Combobox
          label={t('training')}
          value={chosen?.id ?? null}
          onValueChange={choose}
          placeholder={t('trainingPlaceholder')}
          options={datasets.map(({ id, name, train }) => ({
            value: id,
            label: name,
            detail: <RowsState rows={train} />,
          }))}
        />
      </Field>
      {draft.providerId === 'embedded' && (
        <ForeignSample sample={chosen?.sample ?? null} className="pt-1.5 text-meta text-warn" />
      )}
    </Line>
  )
}

const CURRENT = 'current'

/** Which rows of the dataset: the current ones, or those of an earlier version; only where it has one. */
function Version({ draft, change }: FormFieldsProps) {
  const t = useTranslations('launch.version')
  const { datasetId } = draft.training
  const { data: versions = [] } = useQuery({ ...versionsQuery(datasetId), enabled: datasetId !== '' })
  const earlier = versions.filter(({ current, id }) => !current || id === draft.version)
  if (earlier.length === 0) return null
  const choose = (key: string) => {
    const version = earlier.find(({ id }) => id === key) ?? null
    const heldOut = { datasetId, split: 'heldout' } as const
    const isOwn = draft.validation?.datasetId === datasetId
    const own = version && version.heldoutRows === 0 ? null : heldOut
    change({ version: version?.id ?? null, ...(isOwn && { validation: own }) })
  }
  return (
    <Line>
      <Field
        layout="row"
        label={t('label')}
        hint={draft.version === null ? t('currentHint') : t('earlierHint')}
      >
        <Select
          aria-label={t('label')}
          value={draft.version ?? CURRENT}
          onValueChange={choose}
          options={[
            { value: CURRENT, label: t('current') },
            ...earlier.map(({ id, number, name, trainRows, heldoutRows }) => ({
              value: id,
              label: t('earlier', { number, name: name ?? 'none' }),
              detail: t('rows', { train: trainRows, heldout: heldoutRows }),
            })),
          ]}
        />
      </Field>
    </Line>
  )
}

function useValidationOptions(draft: JobDraft, datasets: readonly DatasetSummary[]): Option[] {
  const t = useTranslations('jobs.form')
  const own = datasets.filter(({ id }) => id === draft.training.datasetId)
  const others = datasets.filter(({ id }) => id !== draft.training.datasetId)
  const heldOut = [...own, ...others].flatMap((dataset) => {
    const choice = heldOutOf(dataset)
    const label = t('heldOut', { name: dataset.name })
    return choice ? [{ value: choiceKey(choice), label, detail: <RowsState rows={dataset.heldout} /> }] : []
  })
  // A separate validation file is imported as a dataset whose rows are all in the training split.
  const whole = others
    .filter(({ train, heldout }) => heldout.examples === 0 && train.examples > 0)
    .map(({ id, name, train }) => ({
      value: choiceKey({ datasetId: id, split: 'train' }),
      label: t('allRows', { name }),
      detail: <RowsState rows={train} />,
    }))
  return [{ value: 'none', label: t('validationNone') }, ...heldOut, ...whole]
}

function Validation({ draft, change, datasets, errors }: FormFieldsProps) {
  const t = useTranslations('jobs.form')
  return (
    <Line>
      <Field
        layout="row"
        label={t('validation')}
        terms={['heldOut', 'validationLoss']}
        hint={t('validationHint')}
        error={errors.validation ?? errors['validation.datasetId']}
      >
        <Select
          aria-label={t('validation')}
          value={choiceKey(draft.validation)}
          onValueChange={(key) => change({ validation: choiceOf(key) })}
          options={useValidationOptions(draft, datasets)}
        />
      </Field>
    </Line>
  )
}

const MOST_LETTERS = 64

function Suffix({ draft, change, errors }: FormFieldsProps) {
  const t = useTranslations('jobs.form')
  const words = useTranslations('launch.suffix')
  const clean = cleanSuffix(draft.suffix)
  return (
    <Line>
      <Field
        layout="row"
        optional
        label={t('suffix')}
        hint={
          clean
            ? words('becomes', { name: modelName(draft.providerId, draft.model, clean) })
            : t('suffixHint')
        }
        error={errors.suffix}
      >
        <Input
          mono
          dir="ltr"
          value={draft.suffix}
          onValueChange={(suffix) => change({ suffix })}
          trailing={
            <span className="text-3 text-meta tabular-nums">
              {t('letters', { count: draft.suffix.length, most: MOST_LETTERS })}
            </span>
          }
        />
      </Field>
      {errors.suffix && clean && (
        <Button size="sm" className="mt-1.5 sm:ms-38" onClick={() => change({ suffix: clean })}>
          {words('clean', { clean })}
        </Button>
      )}
    </Line>
  )
}

/** Base model, provider, rows and name of the fine-tuned model. */
export function FormFields(props: FormFieldsProps) {
  const t = useTranslations('jobs.form')
  const heading = useId()
  return (
    <Panel aria-labelledby={heading}>
      <PanelHead id={heading} title={t('what')} />
      <Where {...props} />
      <BaseModel {...props} />
      <Tier {...props} />
      <TrainingData {...props} />
      <Version {...props} />
      <Validation {...props} />
      <Suffix {...props} />
    </Panel>
  )
}
