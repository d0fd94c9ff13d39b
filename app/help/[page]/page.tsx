import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { HelpFrame } from '#components/help/help-frame.tsx'
import { Markdown } from '#components/ui/markdown.tsx'
import { blocksOf } from '#components/ui/markdown-blocks.ts'
import { type HelpName, helpLink, isHelpName } from '#lib/help/pages.ts'
import { readHelp } from '#lib/help/read.ts'
import { requestLocale, requestWords } from '#lib/i18n/request.ts'

interface HelpAddress {
  params: Promise<{ page: string }>
}

async function nameIn({ params }: HelpAddress): Promise<HelpName> {
  const { page } = await params
  return isHelpName(page) ? page : notFound()
}

export async function generateMetadata(address: HelpAddress): Promise<Metadata> {
  const [t, name] = await Promise.all([requestWords('help'), nameIn(address)])
  return { title: t(`pages.${name}`) }
}

export default async function HelpPage(address: HelpAddress) {
  const name = await nameIn(address)
  const page = (await readHelp(name, await requestLocale())) ?? notFound()
  return (
    <HelpFrame name={name} translated={page.translated}>
      <Markdown blocks={blocksOf(page.text)} linkOf={helpLink} />
    </HelpFrame>
  )
}
