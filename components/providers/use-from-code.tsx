'use client'
import { type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useKeyLine } from '#components/shell/key-line.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { type Installation, LANGUAGES, type Language, snippet } from '#lib/providers/snippets.ts'
import { KeyField } from './key-field.tsx'

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid gap-x-4 gap-y-1 sm:grid-cols-[5rem_minmax(0,1fr)]">
    <dt className="text-3 leading-7">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </div>
)

/** Base URL, key, and a complete program in three languages that runs against this installation unchanged. */
export function UseFromCode({ installation }: { installation: Installation }) {
  const t = useTranslations('providers')
  const [language, setLanguage] = useState<Language>('typescript')
  const address = `${installation.origin}/v1`
  return (
    <Panel aria-labelledby="use-from-code">
      <PanelHead id="use-from-code" title={t('code')} meta={t('codeMeaning')} />
      <div className="grid gap-4 px-4 py-4">
        <dl className="grid gap-2">
          <Row name={t('baseUrl')}>
            <span className="flex min-h-7 items-center gap-1">
              <bdi dir="ltr" className="truncate font-mono text-meta">
                {address}
              </bdi>
              <CopyButton text={address} label={t('copyAddress')} />
            </span>
          </Row>
          <Row name={t('ourKey')}>
            <KeyField />
            <p className="text-3 text-meta">{t('keyMeaning')}</p>
          </Row>
        </dl>
        <CodeBlock code={useKeyLine()} label={t('keyInShell')} copyLabel={t('copyLine')} />
        <div className="grid gap-2">
          <Segmented
            label={t('language')}
            value={language}
            onValueChange={setLanguage}
            options={LANGUAGES.map((value) => ({ value, label: t(`languages.${value}`) }))}
            className="justify-self-start"
          />
          <CodeBlock
            code={snippet(language, installation)}
            label={t('snippet', { language: t(`languages.${language}`) })}
            copyLabel={t('copySnippet')}
          />
        </div>
      </div>
    </Panel>
  )
}
