'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import { useTranslations } from 'use-intl'
import { useLive } from '#components/jobs/use-live.ts'
import { RescueCard } from '#components/rescue/rescue-card.tsx'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { checkProvidersMutation, providersQuery } from '#lib/providers/queries.ts'
import type { Installation } from '#lib/providers/snippets.ts'
import { AddProviderButton } from './add-provider.tsx'
import { ChatPriceTable } from './chat-price-table.tsx'
import { PriceTable } from './price-table.tsx'
import { ProviderByEnvironment } from './provider-by-environment.tsx'
import { ProviderList } from './provider-list.tsx'
import { SpendingPanel } from './spending-panel.tsx'
import { TrainersPanel } from './trainers-panel.tsx'
import { UseFromCode } from './use-from-code.tsx'

export function ProvidersPage({ installation }: { installation: Installation }) {
  const t = useTranslations('providers')
  const { data, error, refetch } = useQuery(providersQuery())
  const check = useMutation(checkProvidersMutation())
  useLive(null)
  const providers = data ?? []
  const local = data?.every(({ id }) => id === 'embedded') ?? false
  return (
    <>
      <PageHeader crumbs={[{ label: t('title') }]} help="providers">
        <span className="hidden sm:contents">
          <Button
            icon={<RefreshCw size={14} aria-hidden />}
            busy={check.isPending}
            busyLabel={t('checking')}
            onClick={() => check.mutate()}
          >
            {t('check')}
          </Button>
        </span>
        <span className="sm:hidden">
          <IconButton
            variant="default"
            label={t('check')}
            busy={check.isPending}
            onClick={() => check.mutate()}
          >
            <RefreshCw size={16} aria-hidden />
          </IconButton>
        </span>
        <AddProviderButton />
      </PageHeader>
      <Page>
        {(check.error ?? error) && <Failure error={check.error ?? error} onRetry={() => refetch()} />}
        <Panel aria-labelledby="provider-list">
          <PanelHead id="provider-list" title={t('list')} meta={local && t('onlyEmbedded')} />
          {(data || !error) && <ProviderList providers={data} />}
        </Panel>
        <TrainersPanel />
        <RescueCard />
        <SpendingPanel providers={providers} />
        <PriceTable providers={providers} />
        <ChatPriceTable providers={providers} />
        <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <UseFromCode installation={installation} />
          <ProviderByEnvironment />
        </div>
      </Page>
    </>
  )
}
