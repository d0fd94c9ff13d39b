'use client'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'use-intl'
import { refKey, refOf } from '#components/models/model-options.ts'
import { useModelOptions } from '#components/models/use-model-options.ts'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { Button } from '#components/ui/button.tsx'
import { Combobox } from '#components/ui/combobox.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import type { Option } from '#components/ui/option.ts'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { Terms } from '#components/ui/terms.tsx'
import { MOST_COLUMNS } from '#lib/evals/constants.ts'
import { otherCheckpoints } from '#lib/jobs/other-checkpoints.ts'
import type { ListedModel } from '#lib/models/schema.ts'
import type { FormPartProps } from './form-data.tsx'
import { type DraftColumn, draftColumn, type EvalRun } from './form-draft.ts'

/** The selectable models; includes the selected model even if no provider lists it any more. */
function useOptions(models: readonly ListedModel[], chosen: DraftColumn): Option[] {
  const nameOf = useProviderName()
  const options = useModelOptions()(models)
  if (!chosen.model || options.some(({ value }) => value === refKey(chosen))) return options
  return [...options, { value: refKey(chosen), label: chosen.model, group: nameOf(chosen.providerId) }]
}

/** How the answers of this column were sampled. */
function Recorded({ sampling: { temperature, seed } }: { sampling: NonNullable<DraftColumn['sampling']> }) {
  const t = useTranslations('evals.form')
  return (
    <span className="text-3 text-meta">
      {temperature === 0
        ? t('recordedGreedy')
        : t('recorded', { temperature: temperature ?? '–', seed: seed ?? '–' })}
    </span>
  )
}

interface LineProps {
  column: DraftColumn
  place: number
  name: string
  models: readonly ListedModel[]
  onChange: (part: Partial<DraftColumn>) => void
  onUp: (() => void) | null
  onRemove: (() => void) | null
}

function Line({ column, place, name, models, onChange, onUp, onRemove }: LineProps) {
  const t = useTranslations('evals.form')
  const options = useOptions(models, column)
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-1.5 sm:flex-nowrap">
      <Combobox
        className="w-full sm:w-auto sm:flex-1"
        label={t('model', { place: place + 1 })}
        placeholder={t('chooseModel')}
        value={column.model ? refKey(column) : null}
        options={options}
        onValueChange={(key) => onChange(refOf(key) ?? {})}
      />
      {column.sampling ? (
        <Recorded sampling={column.sampling} />
      ) : (
        <>
          <NumberField
            className="w-14"
            aria-label={`${t('fewShot')}: ${name}`}
            min={0}
            max={64}
            fractionDigits={0}
            value={column.fewShot}
            onValueChange={(fewShot) => onChange({ fewShot: fewShot ?? 0 })}
          />
          <span aria-hidden="true" className="text-3 text-meta">
            {t('fewShotShort')}
          </span>
        </>
      )}
      <span className="ms-auto flex">
        <IconButton size="sm" label={t('up', { name })} disabled={onUp === null} onClick={() => onUp?.()}>
          <ArrowUp size={14} aria-hidden />
        </IconButton>
        <IconButton
          size="sm"
          label={t('remove', { name })}
          disabled={onRemove === null}
          onClick={() => onRemove?.()}
        >
          <X size={14} aria-hidden />
        </IconButton>
      </span>
    </li>
  )
}

function swapped<Item>(items: readonly Item[], index: number): Item[] {
  const next = [...items]
  const [moved] = next.splice(index, 1)
  if (moved !== undefined) next.splice(index - 1, 0, moved)
  return next
}

/** Checkpoints go between the base model and the final model, in training order. */
const withCheckpoints = (columns: readonly DraftColumn[], added: readonly DraftColumn[]): DraftColumn[] => [
  ...columns.slice(0, -1),
  ...added,
  ...columns.slice(-1),
]

interface ColumnsProps extends FormPartProps {
  models: readonly ListedModel[]
  names: readonly string[]
  run: EvalRun | null
}

/** The models that answer each row. */
export function FormColumns({ draft, change, models, names, run }: ColumnsProps) {
  const t = useTranslations('evals.form')
  const { columns } = draft
  const set = (next: DraftColumn[]) => change({ columns: next })
  const here = new Set(columns.map(({ model }) => model))
  const missing = run ? otherCheckpoints(run).filter(({ model }) => !here.has(model)) : []
  const room = MOST_COLUMNS - columns.length
  const addCheckpoints = () =>
    run &&
    set(
      withCheckpoints(
        columns,
        missing.slice(0, room).map(({ model }) => draftColumn({ providerId: run.providerId, model })),
      ),
    )
  return (
    <Panel aria-label={t('models')}>
      <PanelHead title={t('models')} meta={columns.length > 1 && t('modelsMeta')} />
      <PanelBody className="grid gap-3">
        <ol className="grid gap-2">
          {columns.map((column, index) => (
            <Line
              key={column.id}
              column={column}
              place={index}
              name={names[index] || t('model', { place: index + 1 })}
              models={models}
              onChange={(part) =>
                set(columns.map((one) => (one.id === column.id ? { ...one, ...part } : one)))
              }
              onUp={index > 0 ? () => set(swapped(columns, index)) : null}
              onRemove={columns.length > 1 ? () => set(columns.filter(({ id }) => id !== column.id)) : null}
            />
          ))}
        </ol>
        <p className="text-3 text-meta">
          {t('fewShotHint')} <Terms of={['fewShot']} />
        </p>
        <div className="flex flex-wrap gap-2">
          <Button
            size="sm"
            icon={<Plus size={14} aria-hidden />}
            disabled={room < 1}
            onClick={() => set([...columns, draftColumn()])}
          >
            {t('addModel')}
          </Button>
          {missing.length > 0 && room > 0 && (
            <Button size="sm" icon={<Plus size={14} aria-hidden />} onClick={addCheckpoints}>
              {t('addCheckpoints', { count: Math.min(missing.length, room) })}
            </Button>
          )}
        </div>
      </PanelBody>
    </Panel>
  )
}
