'use client'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { AppearancePanel } from './appearance-panel.tsx'
import { BackupPanel } from './backup-panel.tsx'
import { EnvironmentPanel } from './environment-panel.tsx'
import type { Installation } from './installation.ts'
import { UsagePanel } from './usage-panel.tsx'

/** Theme and language of this browser; data folder, backup and settings of this installation. */
export function SettingsPage({ installation }: { installation: Installation }) {
  const t = useTranslations('settings')
  return (
    <>
      <PageHeader crumbs={[{ label: t('title') }]} />
      <Page>
        <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-2">
          <div className="grid min-w-0 gap-3 sm:gap-4">
            <AppearancePanel />
            <UsagePanel folder={installation.dataFolder} />
          </div>
          <BackupPanel folder={installation.dataFolder} />
        </div>
        <EnvironmentPanel variables={installation.variables} />
      </Page>
    </>
  )
}
