import { useEffect } from 'react'
import { useFormat } from '#components/ui/use-format.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'

/** While a job trains, the title of its page says how far it is: a person may be in another tab. */
export function useTitleProgress({ status, step, totalSteps }: JobDetail): void {
  const { percent } = useFormat()
  const trains = status === 'running' || status === 'pausing'
  const share = trains && step !== null && totalSteps ? percent(step / totalSteps) : null
  useEffect(() => {
    if (share === null) return
    const title = document.title
    document.title = `${share} · ${title}`
    return () => {
      document.title = title
    }
  }, [share])
}
