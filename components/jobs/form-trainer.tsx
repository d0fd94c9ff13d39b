'use client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import type { Option } from '#components/ui/option.ts'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { RadioCards } from '#components/ui/radio-cards.tsx'
import { Select } from '#components/ui/select.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { SHIPPED } from '#lib/providers/model-kind.ts'
import { trainersQuery } from '#lib/providers/queries.ts'
import type { EngineTrainer, TrainerName, Tuning, TuningMethod } from '#lib/providers/trainers-schema.ts'
import type { FormFieldsProps } from './form-fields.tsx'

const NONE: Tuning = { trainer: null, method: null, maxLength: null }

/** The trainers of the engine, where a job lets them be chosen. */
export function useTrainers({ providerId }: JobDraft): EngineTrainer[] {
  const { data } = useQuery({ ...trainersQuery(), enabled: capabilitiesOf(providerId).chooseTrainer })
  return data?.data ?? []
}

/** What the engine takes by itself: TRL where there is a GPU, but for the model that is trained in seconds. */
const automatic = (trl: EngineTrainer | undefined, model: string): TrainerName =>
  trl?.state === 'ready' && trl.devices.length > 0 && model !== SHIPPED ? 'trl' : 'onnx'

/** The trainer whose figures hold for a draft; null where nothing is to be chosen. */
export function trainerOf(
  { tuning, model }: JobDraft,
  trainers: readonly EngineTrainer[],
): TrainerName | null {
  const trl = trainers.find(({ name }) => name === 'trl')
  if (tuning === null && automatic(trl, model) === 'onnx') return null
  return tuning?.trainer ?? automatic(trl, model)
}

const Line = ({ children }: { children: ReactNode }) => (
  <div className="border-b px-4 py-3 last:border-b-0">{children}</div>
)

interface PartProps {
  tuning: Tuning
  set: (part: Partial<Tuning>) => void
  trainers: readonly EngineTrainer[]
  draft: JobDraft
}

function Choice({ tuning, set, trainers, draft }: PartProps) {
  const t = useTranslations('trainers')
  const trl = trainers.find(({ name }) => name === 'trl')
  const device = trl?.devices[0]?.name ?? t('processor')
  const options = [
    {
      value: 'auto' as const,
      label: t('form.auto'),
      hint: t('form.autoIs', { trainer: automatic(trl, draft.model), device }),
    },
    { value: 'onnx' as const, label: t('name.onnx'), hint: t('form.onDevice', { device: t('processor') }) },
    {
      value: 'trl' as const,
      label: t('name.trl'),
      disabled: trl?.state !== 'ready' && tuning.trainer !== 'trl',
      hint: trl?.state === 'ready' ? t('form.onDevice', { device }) : t('form.absent'),
    },
  ]
  return (
    <div className="grid gap-x-4 gap-y-1.5 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
      <span aria-hidden="true" className="font-medium sm:pt-1.5">
        {t('form.trainer')}
      </span>
      <div className="grid gap-1">
        <RadioCards
          label={t('form.trainer')}
          value={tuning.trainer ?? 'auto'}
          onValueChange={(next) => set({ trainer: next === 'auto' ? null : next })}
          options={options}
        />
        {tuning.trainer === 'trl' && trl?.state !== 'ready' && (
          <p className="text-meta text-warn">
            {t('form.absent')} <TextLink href="/providers#trainers">{t('form.look')}</TextLink>
          </p>
        )}
      </div>
    </div>
  )
}

function Method({ tuning, set, trainers, draft }: PartProps) {
  const t = useTranslations('trainers')
  const chosen = trainers.find(({ name }) => name === (trainerOf({ ...draft, tuning }, trainers) ?? 'onnx'))
  // Automatic, the engine takes the trainer that can.
  const methods = tuning.trainer === null ? trainers.at(-1)?.methods : chosen?.methods
  const known: EngineTrainer['methods'] = methods ?? []
  const options: Option<TuningMethod | 'auto'>[] = [
    { value: 'auto', label: t('form.auto') },
    ...known.map(({ name, missing }) => ({
      value: name,
      label: t(`method.${name}`),
      disabled: missing !== null,
    })),
  ]
  // From an earlier job, or another trainer.
  const { method } = tuning
  if (method !== null && !known.some(({ name }) => name === method))
    options.push({ value: method, label: t(`method.${method}`) })
  const without = known.flatMap(({ name, missing }) =>
    missing ? [t(`without.${missing}`, { method: t(`method.${name}`) })] : [],
  )
  const hint = t('form.methodHint', { automatic: tuning.method === null ? 'yes' : 'no' })
  return (
    <Field layout="row" label={t('form.method')} hint={[hint, ...without].join(' ')}>
      <Select
        aria-label={t('form.method')}
        value={tuning.method ?? 'auto'}
        onValueChange={(next) => set({ method: next === 'auto' ? null : next })}
        options={options}
      />
    </Field>
  )
}

/** Trainer, method and length; only where the engine has more than its built-in trainer. */
export function FormTrainer({ draft, change, errors }: Pick<FormFieldsProps, 'draft' | 'change' | 'errors'>) {
  const t = useTranslations('trainers')
  const heading = useId()
  const trainers = useTrainers(draft)
  const isReady = trainers.some(({ name, state }) => name === 'trl' && state === 'ready')
  if (!capabilitiesOf(draft.providerId).chooseTrainer || (!isReady && draft.tuning === null)) return null
  const tuning = draft.tuning ?? NONE
  const set = (part: Partial<Tuning>) => {
    const next = { ...tuning, ...part }
    const isAutomatic = Object.values(next).every((value) => value === null)
    change({ tuning: isAutomatic ? null : next })
  }
  const part = { tuning, set, trainers, draft }
  return (
    <Panel aria-labelledby={heading}>
      <PanelHead id={heading} title={t('form.trainer')} />
      <Line>
        <Choice {...part} />
      </Line>
      <Line>
        <Method {...part} />
      </Line>
      <Line>
        <Field
          layout="row"
          label={t('form.maxLength')}
          hint={t('form.maxLengthHint')}
          error={errors['tuning.maxLength']}
        >
          <NumberField
            value={tuning.maxLength}
            onValueChange={(maxLength) => set({ maxLength })}
            min={32}
            step={32}
            placeholder={t('form.maxLengthAll')}
          />
        </Field>
      </Line>
    </Panel>
  )
}
