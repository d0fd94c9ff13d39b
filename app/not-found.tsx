import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { requestWords } from '#lib/i18n/request.ts'

export default async function NotFound() {
  const t = await requestWords('errors')
  return (
    <>
      <PageHeader crumbs={[{ label: t('notFoundTitle') }]} />
      <Page>
        <Panel>
          <EmptyState
            actions={
              <LinkButton variant="primary" href="/">
                {t('goHome')}
              </LinkButton>
            }
          >
            {t('notFoundMeaning')}
          </EmptyState>
        </Panel>
      </Page>
    </>
  )
}
