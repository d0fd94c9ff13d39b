'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { setLimitsMutation, spendingQuery } from '#lib/providers/queries.ts'
import type { Provider, Spending } from '#lib/providers/schema.ts'
import { useOwnName } from './use-provider-name.ts'

const MICRO = 1_000_000

const inDollars = (micro: number | null): number | null => micro && micro / MICRO
const inMicro = (value: number | null): number | null => (value === null ? null : Math.round(value * MICRO))

interface LimitsDialogProps {
  spending: Spending
  name: string
}

/** Edits the spending limits of a provider. */
function LimitsDialog({ spending, name }: LimitsDialogProps) {
  const t = useTranslations('spending')
  const form = useId()
  const [open, setOpen] = useState(false)
  const [cap, setCap] = useState(inDollars(spending.monthlyCap))
  const [above, setAbove] = useState(inDollars(spending.confirmAbove))
  const save = useMutation({ ...setLimitsMutation(), onSuccess: () => setOpen(false) })
  const turn = (next: boolean) => {
    setOpen(next)
    save.reset()
    setCap(inDollars(spending.monthlyCap))
    setAbove(inDollars(spending.confirmAbove))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ providerId: spending.providerId, monthlyCap: inMicro(cap), confirmAbove: inMicro(above) })
  }
  return (
    <Dialog
      title={t('limitsOf', { name })}
      description={t('limitsMeaning')}
      open={open}
      onOpenChange={turn}
      trigger={<Button size="sm">{t('change')}</Button>}
      footer={
        <>
          <Button onClick={() => turn(false)}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form={form} busy={save.isPending}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="grid gap-3">
        <Field label={t('cap')} hint={t('capHint')}>
          <NumberField
            value={cap}
            onValueChange={setCap}
            min={0}
            fractionDigits={2}
            placeholder={t('none')}
          />
        </Field>
        <Field label={t('above')} hint={t('aboveHint')}>
          <NumberField
            value={above}
            onValueChange={setAbove}
            min={0}
            fractionDigits={2}
            placeholder={t('never')}
          />
        </Field>
      </form>
      {save.error && <Failure error={save.error} className="mt-3" />}
    </Dialog>
  )
}

/** Spending of this month at the billing providers, and their limits. */
export function SpendingPanel({ providers }: { providers: readonly Provider[] }) {
  const { dollars } = useFormat()
  const t = useTranslations('spending')
  const { data = [] } = useQuery(spendingQuery())
  const ownName = useOwnName()
  if (data.length === 0) return null
  const nameOf = (id: string) => {
    const provider = providers.find((one) => one.id === id)
    return provider ? ownName(provider) : id
  }
  return (
    <Panel aria-labelledby="spending">
      <PanelHead id="spending" title={t('title')} meta={t('meaning')} />
      <Table caption={t('title')}>
        <thead>
          <tr>
            <Th>{t('provider')}</Th>
            <Th align="end">{t('spent')}</Th>
            <Th align="end">{t('reserved')}</Th>
            <Th align="end">{t('cap')}</Th>
            <Th align="end">{t('above')}</Th>
            <Th align="end">
              <span className="sr-only">{t('change')}</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {data.map((spending) => (
            <Tr key={spending.providerId}>
              <Td className="w-full">
                <bdi>{nameOf(spending.providerId)}</bdi>
              </Td>
              <Td align="end">{dollars(spending.spent)}</Td>
              <Td align="end">{dollars(spending.reserved)}</Td>
              <Td align="end">{spending.monthlyCap === null ? t('none') : dollars(spending.monthlyCap)}</Td>
              <Td align="end">
                {spending.confirmAbove === null ? t('never') : dollars(spending.confirmAbove)}
              </Td>
              <Td align="end">
                <LimitsDialog spending={spending} name={nameOf(spending.providerId)} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
