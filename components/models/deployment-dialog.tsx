'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { FormButtons } from '#components/ui/form-buttons.tsx'
import { Input } from '#components/ui/input.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { type DeployingKind, deployingKind } from '#lib/providers/deploying.ts'
import { nameDeploymentMutation, providersQuery } from '#lib/providers/queries.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'

const AzureDeploy = lazily(() => import('./azure-deploy.tsx').then((module) => module.AzureDeploy))

/** What a deployment is called, as each provider's API writes it. */
const EXAMPLES: Record<DeployingKind, string> = {
  azure: 'poems',
  together: 'ACCOUNT/MODEL-1a2b3c4d',
  fireworks: 'accounts/ACCOUNT/models/MODEL#accounts/ACCOUNT/deployments/ID',
  nebius: 'meta-llama/Llama-3.3-70B-Instruct-LoRa:poems-AbCd',
}

interface DeploymentDialogProps {
  model: Pick<CatalogModel, 'id' | 'providerId'>
  onClose: () => void
}

/** How a model is deployed at its provider, and the name under which it then answers. */
export function DeploymentDialog({ model, onClose }: DeploymentDialogProps) {
  const t = useTranslations('models.deploy')
  const form = useId()
  const { data: providers = [] } = useQuery(providersQuery())
  const provider = providers.find(({ id }) => id === model.providerId)
  const [typed, setTyped] = useState<string | null>(null)
  const name = typed ?? provider?.deployments[model.id] ?? ''
  const save = useMutation({ ...nameDeploymentMutation(), onSuccess: onClose })
  const kind = deployingKind(model.providerId)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ id: model.providerId, model: model.id, name })
  }
  if (kind === null) return null
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title')}
      description={t('meaning', { provider: provider?.name ?? '' })}
      footer={<FormButtons form={form} busy={save.isPending} onClose={onClose} />}
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-3">
        <p className="text-2">{t(`steps.${kind}`)}</p>
        <p className="wrap-anywhere">
          <bdi dir="ltr" className="font-mono text-meta">
            {model.id}
          </bdi>
        </p>
        <Field label={t('name')} hint={t('nameHint')} optional>
          <Input
            mono
            dir="ltr"
            value={name}
            maxLength={512}
            placeholder={EXAMPLES[kind]}
            onValueChange={setTyped}
          />
        </Field>
      </form>
      {kind === 'azure' && <AzureDeploy model={model} name={name} />}
      {save.error && <Failure error={save.error} className="mt-3" />}
    </Dialog>
  )
}
