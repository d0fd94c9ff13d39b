'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { RadioCards } from '#components/ui/radio-cards.tsx'
import { Select } from '#components/ui/select.tsx'
import { State } from '#components/ui/state.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { versionsQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary, Split } from '#lib/datasets/schema.ts'
import { MOST_ROWS } from '#lib/evals/constants.ts'
import type { FormDraft } from './form-draft.ts'

export interface FormPartProps {
  draft: FormDraft
  change: (part: Partial<FormDraft>) => void
  errors: Record<string, string>
}

/** Option value for the current rows. */
const DRAFT = 'draft'

function VersionField({ draft, change }: Omit<FormPartProps, 'errors'>) {
  const t = useTranslations('evals')
  const { data = [] } = useQuery({ ...versionsQuery(draft.datasetId), enabled: draft.datasetId !== '' })
  const options = [
    { value: DRAFT, label: t('form.draft') },
    ...data.map(({ id, number, name, heldoutRows }) => ({
      value: id,
      label: name ? t('versionNamed', { number, name }) : t('version', { number }),
      detail: t('rows', { count: draft.split === 'heldout' ? heldoutRows : 0 }),
    })),
  ].map((option) => (draft.split === 'train' ? { ...option, detail: undefined } : option))
  // While a version loads, its option shows the name of the dataset.
  const known = options.some(({ value }) => value === draft.versionId)
  return (
    <Field layout="row" label={t('form.version')}>
      <Select
        value={draft.versionId === null ? DRAFT : known ? draft.versionId : null}
        options={options}
        onValueChange={(value) => change({ versionId: value === DRAFT ? null : value })}
      />
    </Field>
  )
}

function SplitField({
  draft,
  change,
  errors,
  dataset,
}: FormPartProps & { dataset: DatasetSummary | undefined }) {
  const t = useTranslations('evals')
  const rows = (split: Split) => (dataset ? t('rows', { count: dataset[split].examples }) : '–')
  return (
    <div className="grid gap-x-4 gap-y-1.5 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
      <span aria-hidden="true" className="font-medium sm:pt-1.5">
        {t('form.split')}
      </span>
      <div className="grid gap-1.5">
        <RadioCards
          label={t('form.split')}
          value={draft.split}
          onValueChange={(split: Split) => change({ split })}
          options={[
            { value: 'heldout', label: t('form.heldout'), hint: rows('heldout') },
            { value: 'train', label: t('form.train'), hint: rows('train') },
          ]}
        />
        {draft.split === 'train' && (
          <State tone="warn" quiet className="items-start! whitespace-normal! [&>span:first-child]:mt-1">
            {t('trainMeaning')}
          </State>
        )}
        {draft.split === 'heldout' && dataset?.heldout.examples === 0 && draft.versionId === null && (
          <State tone="bad" quiet className="whitespace-normal!">
            {t('form.noHeldout')}
          </State>
        )}
        {errors.split && <span className="text-bad text-meta">{errors.split}</span>}
      </div>
    </div>
  )
}

/** Which rows the models answer. */
export function FormData({
  datasets,
  onDataset,
  ...part
}: FormPartProps & { datasets: readonly DatasetSummary[]; onDataset: (id: string) => void }) {
  const { count } = useFormat()
  const t = useTranslations('evals.form')
  const { draft, change, errors } = part
  const dataset = datasets.find(({ id }) => id === draft.datasetId)
  return (
    <Panel aria-label={t('data')}>
      <PanelHead title={t('data')} />
      <PanelBody className="grid gap-3">
        <Field layout="row" label={t('dataset')}>
          <Select
            value={dataset?.id ?? null}
            placeholder={t('chooseDataset')}
            options={datasets.map(({ id, name }) => ({ value: id, label: name }))}
            onValueChange={onDataset}
          />
        </Field>
        <VersionField draft={draft} change={change} />
        <SplitField {...part} dataset={dataset} />
        <Field layout="row" label={t('most')} hint={t('mostHint', { most: MOST_ROWS })} error={errors.rows}>
          <NumberField
            className="w-28"
            min={1}
            max={MOST_ROWS}
            fractionDigits={0}
            stepper
            value={draft.rows}
            placeholder={count(50)}
            onValueChange={(rows) => change({ rows: rows ?? 50 })}
          />
        </Field>
      </PanelBody>
    </Panel>
  )
}
