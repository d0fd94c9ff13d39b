import type { Metadata } from 'next'
import { RescuePage } from '#components/rescue/rescue-page.tsx'
import { requestWords } from '#lib/i18n/request.ts'
import { rescuesQuery } from '#lib/rescue/queries.ts'
import { listRescues } from '#lib/rescue/rescue.ts'
import { asked, Seeded } from '../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('rescue'))('title'),
})

export default async function Rescues() {
  return (
    <Seeded seeds={[asked(rescuesQuery(), listRescues)]}>
      <RescuePage />
    </Seeded>
  )
}
