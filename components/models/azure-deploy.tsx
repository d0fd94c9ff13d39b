'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import { Select } from '#components/ui/select.tsx'
import { State } from '#components/ui/state.tsx'
import { useFieldWords } from '#components/ui/use-error-words.ts'
import { wordsByPath } from '#lib/i18n/issue-words.ts'
import { AzureDeploymentDraft, SKUS } from '#lib/providers/azure-deploy-schema.ts'
import { deployAtAzureMutation, lookAtAzureMutation } from '#lib/providers/queries.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'

/** What Azure says of the deployment; unknown words unchanged. */
function Told({ state }: { state: string }) {
  const t = useTranslations('models.deploy.azure.state')
  if (state === 'Succeeded') return <State tone="ok">{t('ready')}</State>
  if (state === 'Failed' || state === 'Canceled') return <State tone="bad">{t('failed')}</State>
  return (
    <State tone="busy" pulse>
      {t('creating', { state })}
    </State>
  )
}

interface AzureDeployProps {
  model: Pick<CatalogModel, 'id' | 'providerId'>
  /** Of the deployment, from the field above. */
  name: string
}

/** Deploys a model from here, with a token that is used once and kept nowhere. */
export function AzureDeploy({ model, name }: AzureDeployProps) {
  const t = useTranslations('models.deploy.azure')
  const [resource, setResource] = useState('')
  const [token, setToken] = useState('')
  const [sku, setSku] = useState<(typeof SKUS)[number]>('standard')
  const [capacity, setCapacity] = useState(50)
  const [tried, setTried] = useState(false)
  const deploy = useMutation(deployAtAzureMutation(model.providerId))
  const look = useMutation(lookAtAzureMutation(model.providerId))
  const parsed = AzureDeploymentDraft.safeParse({ model: model.id, name, resource, token, sku, capacity })
  const errors = useFieldWords()(tried ? wordsByPath(parsed.error) : {})
  const state = look.data ?? deploy.data
  const error = look.error ?? deploy.error
  const send = () => {
    setTried(true)
    if (!parsed.success) return
    look.reset()
    deploy.mutate(parsed.data)
  }
  return (
    <details className="mt-3 rounded-md border px-3 py-2">
      <summary className="rounded-xs font-medium">{t('title')}</summary>
      <div className="grid gap-3 pt-3">
        <p className="text-2">{t('meaning')}</p>
        <Field label={t('resource')} hint={t('resourceHint')} error={errors.resource}>
          <Input mono dir="ltr" value={resource} maxLength={400} onValueChange={setResource} />
        </Field>
        <Field label={t('token')} hint={t('tokenHint')} error={errors.token}>
          <Input
            mono
            dir="ltr"
            type="password"
            autoComplete="off"
            value={token}
            maxLength={16_384}
            onValueChange={setToken}
          />
        </Field>
        <Field label={t('sku')}>
          <Select
            value={sku}
            options={SKUS.map((value) => ({ value, label: t(`skus.${value}`) }))}
            onValueChange={setSku}
          />
        </Field>
        <Field label={t('capacity')} hint={t('capacityHint')} error={errors.capacity}>
          <NumberField
            className="w-28"
            min={1}
            max={100_000}
            fractionDigits={0}
            value={capacity}
            onValueChange={(next) => next !== null && setCapacity(next)}
          />
        </Field>
        {errors.name && <p className="text-bad">{errors.name}</p>}
        {error && <Failure error={error} />}
        <div className="flex flex-wrap items-center gap-3">
          <Button busy={deploy.isPending} busyLabel={t('deploying')} onClick={send}>
            {t('deploy')}
          </Button>
          {state && parsed.success && (
            <Button variant="ghost" busy={look.isPending} onClick={() => look.mutate(parsed.data)}>
              {t('look')}
            </Button>
          )}
          {state && <Told state={state.state} />}
        </div>
      </div>
    </details>
  )
}
