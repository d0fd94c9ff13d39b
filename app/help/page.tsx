import type { Metadata } from 'next'
import { HelpList } from '#components/help/help-list.tsx'
import { requestWords } from '#lib/i18n/request.ts'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('help'))('title'),
})

export default function Help() {
  return <HelpList />
}
