'use client'
import { useTranslations } from 'use-intl'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { ShellCommand } from '#components/ui/shell-command.tsx'

const OPENAI = { OPENAI_API_KEY: 'sk-…' }
const COMPATIBLE = { OPENAI_BASE_URL: 'https://models.example.org/v1', OPENAI_API_KEY: '…' }

/** Environment settings that add a provider whose key is stored nowhere. */
export function ProviderByEnvironment() {
  const t = useTranslations('providers')
  return (
    <Panel aria-labelledby="by-environment">
      <PanelHead id="by-environment" title={t('byEnvironment')} />
      <div className="grid gap-4 px-4 py-4">
        <p className="max-w-[72ch] text-2">{t('byEnvironmentMeaning')}</p>
        <div className="grid gap-1.5">
          <h3 className="font-medium">{t('addOpenai')}</h3>
          <ShellCommand variables={OPENAI} label={t('shell')} copyLabel={t('copyLine')} />
        </div>
        <div className="grid gap-1.5">
          <h3 className="font-medium">{t('addCompatible')}</h3>
          <ShellCommand variables={COMPATIBLE} label={t('shell')} copyLabel={t('copyLine')} />
          <p className="max-w-[72ch] text-3 text-meta">{t('compatibleMeaning')}</p>
        </div>
      </div>
    </Panel>
  )
}
