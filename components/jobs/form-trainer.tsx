'use client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import type { Option } from '#components/ui/option.ts'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { type RadioCard, RadioCards } from '#components/ui/radio-cards.tsx'
import { Select } from '#components/ui/select.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { SHIPPED } from '#lib/providers/model-kind.ts'
import { trainersQuery } from '#lib/providers/queries.ts'
import type {
  Cluster,
  EngineTrainer,
  TrainerName,
  Tuning,
  TuningMethod,
} from '#lib/providers/trainers-schema.ts'
import type { FormFieldsProps } from './form-fields.tsx'

const METHODS: readonly TuningMethod[] = ['full', 'lora', 'qlora']

const NONE: Tuning = { trainer: null, launcher: null, devices: null, method: null, maxLength: null }

/** What the engine has to train with, where a job lets it be chosen. */
const useEngine = ({ providerId }: JobDraft) =>
  useQuery({ ...trainersQuery(), enabled: capabilitiesOf(providerId).chooseTrainer }).data

export const useTrainers = (draft: JobDraft): EngineTrainer[] => useEngine(draft)?.data ?? []

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
  cluster: Cluster | null
  draft: JobDraft
}

const CHOICES = {
  auto: { trainer: null, launcher: null },
  onnx: { trainer: 'onnx', launcher: null },
  trl: { trainer: 'trl', launcher: null },
  ray: { trainer: 'trl', launcher: 'ray' },
} as const satisfies Record<string, Partial<Tuning>>
type Choices = keyof typeof CHOICES

/** The cluster, where there is one or an earlier job was on one. */
function useClusterOption({ tuning, cluster }: Pick<PartProps, 'tuning' | 'cluster'>): RadioCard<Choices>[] {
  const t = useTranslations('trainers')
  const isChosen = tuning.launcher === 'ray'
  if (cluster === null && !isChosen) return []
  const isReady = cluster?.state === 'ready'
  const hint = isReady
    ? t('form.onCluster', { gpus: cluster.gpus, cpus: cluster.cpus })
    : t(cluster?.state === 'asking' ? 'cluster.state.asking' : 'form.noCluster')
  return [{ value: 'ray', label: t('name.ray'), hint, disabled: !isReady && !isChosen }]
}

function Choice({ tuning, set, trainers, cluster, draft }: PartProps) {
  const t = useTranslations('trainers')
  const trl = trainers.find(({ name }) => name === 'trl')
  const device = trl?.devices[0]?.name ?? t('processor')
  const onCluster = useClusterOption({ tuning, cluster })
  const chosen: Choices = tuning.launcher === 'ray' ? 'ray' : (tuning.trainer ?? 'auto')
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
    ...onCluster,
  ]
  return (
    <div className="grid gap-x-4 gap-y-1.5 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
      <span aria-hidden="true" className="font-medium sm:pt-1.5">
        {t('form.trainer')}
      </span>
      <div className="grid gap-1">
        <RadioCards
          label={t('form.trainer')}
          value={chosen}
          onValueChange={(next) => set({ ...CHOICES[next], devices: null })}
          options={options}
        />
        {chosen === 'trl' && trl?.state !== 'ready' && (
          <p className="text-meta text-warn">
            {t('form.absent')} <TextLink href="/providers#trainers">{t('form.look')}</TextLink>
          </p>
        )}
      </div>
    </div>
  )
}

/** How many GPUs, where there may be several. */
function Devices({ tuning, set, trainers, cluster, error }: PartProps & { error: ReactNode }) {
  const t = useTranslations('trainers')
  const trl = trainers.find(({ name }) => name === 'trl')
  const isThere = tuning.launcher === 'ray'
  const isHere = tuning.trainer === 'trl' && (trl?.devices.length ?? 0) > 1
  if (!isThere && !isHere) return null
  const kind = isThere && cluster?.gpus === 0 ? 'cpu' : 'gpu'
  return (
    <Line>
      <Field layout="row" label={t('form.devices', { kind })} hint={t('form.devicesHint')} error={error}>
        <NumberField
          value={tuning.devices}
          onValueChange={(devices) => set({ devices })}
          min={1}
          placeholder={isThere ? '1' : t('form.idle')}
        />
      </Field>
    </Line>
  )
}

/** The methods of what is chosen; a cluster's are TRL's, by the GPUs that it has. */
function methodsOf({ tuning, trainers, cluster, draft }: Omit<PartProps, 'set'>): EngineTrainer['methods'] {
  if (tuning.launcher === 'ray')
    return METHODS.map((name) => ({
      name,
      missing: name === 'qlora' && cluster?.gpus === 0 ? 'no_gpu' : null,
    }))
  // Automatic, the engine takes the trainer that can.
  if (tuning.trainer === null) return trainers.at(-1)?.methods ?? []
  const chosen = trainerOf({ ...draft, tuning }, trainers) ?? 'onnx'
  return trainers.find(({ name }) => name === chosen)?.methods ?? []
}

function Method({ tuning, set, trainers, cluster, draft }: PartProps) {
  const t = useTranslations('trainers')
  const known = methodsOf({ tuning, trainers, cluster, draft })
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

/** Trainer, devices, method and length; only where the engine has more than its built-in trainer. */
export function FormTrainer({ draft, change, errors }: Pick<FormFieldsProps, 'draft' | 'change' | 'errors'>) {
  const t = useTranslations('trainers')
  const heading = useId()
  const { data: trainers = [], cluster = null } = useEngine(draft) ?? {}
  const isReady = cluster !== null || trainers.some(({ name, state }) => name === 'trl' && state === 'ready')
  if (!capabilitiesOf(draft.providerId).chooseTrainer || (!isReady && draft.tuning === null)) return null
  const tuning = draft.tuning ?? NONE
  const set = (part: Partial<Tuning>) => {
    const next = { ...tuning, ...part }
    const isAutomatic = Object.values(next).every((value) => value === null)
    change({ tuning: isAutomatic ? null : next })
  }
  const part = { tuning, set, trainers, cluster, draft }
  return (
    <Panel aria-labelledby={heading}>
      <PanelHead id={heading} title={t('form.trainer')} />
      <Line>
        <Choice {...part} />
      </Line>
      <Devices {...part} error={errors['tuning.devices']} />
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
