'use client'
import Download from 'lucide-react/icons/download'
import { useTranslations } from 'use-intl'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { helpAddress } from '#lib/help/pages.ts'
import { exportAddress } from '#lib/storage/queries.ts'

/** A copy of a folder beside it, as a shell writes it. */
const copyOf = (folder: string): string => `cp -a "${folder}" "${folder}-backup"`

/** How everything is kept twice, and how what people have made is taken elsewhere. */
export function BackupPanel({ folder }: { folder: string }) {
  const t = useTranslations('settings.backup')
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} />
      <PanelBody className="grid gap-3">
        <ol className="grid list-decimal gap-2 ps-5 text-2">
          <li>{t('stop')}</li>
          <li className="min-w-0">
            {t('copy')}
            <CodeBlock code={copyOf(folder)} label={t('command')} className="mt-1.5" />
          </li>
          <li>{t('start')}</li>
        </ol>
        <p className="text-3 text-meta">
          {t.rich('more', { link: (words) => <TextLink href={helpAddress('backup')}>{words}</TextLink> })}
        </p>
      </PanelBody>
      <PanelBody className="grid gap-3 border-t">
        <p className="text-2">{t('exportMeaning')}</p>
        <LinkButton
          href={exportAddress}
          download
          prefetch={false}
          icon={<Download size={16} aria-hidden />}
          className="justify-self-start"
        >
          {t('export')}
        </LinkButton>
      </PanelBody>
    </Panel>
  )
}
