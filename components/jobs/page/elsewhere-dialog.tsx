'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useOwnName } from '#components/providers/use-provider-name.ts'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Select } from '#components/ui/select.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { importFilesMutation } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import { providersQuery } from '#lib/providers/queries.ts'
import type { ProviderId } from '#lib/providers/schema.ts'
import { type Change, changesOf, earlierDraft } from '../form-changes.ts'
import { askedToConfirm, FormConfirm } from '../form-confirm.tsx'
import { asEarlier, firstDraft, heldOutOf, trainable, trainers } from '../form-draft.ts'
import { useOwnLaunch } from '../use-launch.ts'

/** Settings that another provider does not take over, with a reason in the catalogue. */
const REASONS = ['model', 'multiplier', 'rate', 'patience', 'trainer', 'method', 'maxLength'] as const
const isReason = (name: Change['name']): name is (typeof REASONS)[number] =>
  (REASONS as readonly string[]).includes(name)

function LeftBehind({ changes, provider }: { changes: readonly Change[]; provider: string }) {
  const t = useTranslations('launch')
  return (
    <Table caption={t('elsewhere.left')} compact flow>
      <thead>
        <Tr>
          <Th>{t('elsewhere.setting')}</Th>
          <Th>{t('elsewhere.change')}</Th>
        </Tr>
      </thead>
      <tbody>
        {changes.map(({ name, before, after }) => (
          <Tr key={name}>
            <Td>
              {t(`changes.${name}`)}
              {isReason(name) && (
                <span className="block text-3 text-meta">{t(`elsewhere.why.${name}`, { provider })}</span>
              )}
            </Td>
            <Td className="wrap-anywhere">{t('elsewhere.fromTo', { before, after })}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

interface ElsewhereDialogProps {
  job: JobDetail
  onClose: () => void
}

/** Trains on the same data with another provider: what it takes over stays, what it cannot is named with the reason. */
export function ElsewhereDialog({ job, onClose }: ElsewhereDialogProps) {
  const t = useTranslations('launch.elsewhere')
  const { data: datasets = [] } = useQuery(datasetsQuery())
  const { data: list } = useQuery(modelsQuery())
  const { data: providers = [] } = useQuery(providersQuery())
  const { id, renew, launch } = useOwnLaunch()
  const [chosen, setChosen] = useState<ProviderId | null>(null)
  const load = useMutation(importFilesMutation(job.id))
  const others = trainers(providers).filter((provider) => provider.id !== job.providerId)
  const target = others.find((provider) => provider.id === chosen) ?? others[0]
  const known = { datasets, models: list?.models ?? [], providers }
  const earlier = asEarlier(job)
  const named = target && trainable(known.models, target.id).find((model) => model.id === job.model)
  const wish = { ...(target && { provider: target.id }), ...(named && { model: named.id }) }
  const first = firstDraft(earlier, wish, known)
  // The same rows, also where the dataset has been edited since.
  const draft = {
    ...first,
    id,
    version: first.training.datasetId === '' ? null : (job.datasetVersion?.id ?? null),
  }
  const hasData = draft.training.datasetId !== ''
  const ownName = useOwnName()
  const nameOf = (id: ProviderId) => ownName(providers.find((one) => one.id === id) ?? { id, name: id })
  const changes = changesOf(earlierDraft(earlier, draft), draft, {
    provider: nameOf,
    dataset: (dataset) => datasets.find((one) => one.id === dataset)?.name ?? '–',
  }).filter(({ name }) => name !== 'training' && name !== 'validation')
  const choose = (provider: ProviderId) => {
    setChosen(provider)
    renew()
    launch.reset()
  }
  const start = async () => {
    if (hasData) return launch.mutate(draft)
    const dataset = await load.mutateAsync().catch(() => null)
    if (!dataset) return
    const training = { datasetId: dataset.id, split: 'train' } as const
    launch.mutate({ ...draft, training, version: null, validation: heldOutOf(dataset) })
  }
  const refused = launch.error && askedToConfirm(launch.error) === null
  const settings = new URLSearchParams({
    ...{ from: job.id, provider: draft.providerId, model: draft.model },
    ...(draft.version && { version: draft.version }),
  })
  return (
    <>
      <Dialog
        title={t('title')}
        description={t(hasData ? 'sentence' : 'fetches', { number: job.number })}
        open
        onOpenChange={onClose}
        width="lg"
        footer={
          <>
            <LinkButton variant="ghost" href={`/jobs/new?${settings}`}>
              {t('settings')}
            </LinkButton>
            <Button
              variant="primary"
              busy={load.isPending || launch.isPending || launch.isSuccess}
              disabled={!target || draft.model === '' || !(hasData || job.trainingFile)}
              reason={t(target ? 'notReady' : 'nowhere')}
              onClick={() => void start()}
            >
              {t('train')}
            </Button>
          </>
        }
      >
        <div className="grid gap-4">
          {target && (
            <Field label={t('where')}>
              <Select
                value={target.id}
                onValueChange={choose}
                options={others.map((provider) => ({ value: provider.id, label: ownName(provider) }))}
              />
            </Field>
          )}
          <LeftBehind changes={changes} provider={nameOf(job.providerId)} />
          <p className="text-3 text-meta">{t('same')}</p>
          {load.error && <Failure error={load.error} />}
          {refused && <Failure error={launch.error} />}
        </div>
      </Dialog>
      <FormConfirm
        error={launch.error}
        provider={target ? ownName(target) : ''}
        busy={launch.isPending}
        onConfirm={(confirmed) => launch.mutate({ ...(launch.variables ?? draft), confirmed })}
        onCancel={() => launch.reset()}
      />
    </>
  )
}
