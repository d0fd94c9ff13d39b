import { useTranslations } from 'use-intl'
import type { DotKind } from '#components/ui/dot.tsx'
import { State } from '#components/ui/state.tsx'
import type { Tone } from '#components/ui/tone.ts'
import type { EvalState as EvalStateName } from '#lib/evals/schema.ts'

const LOOKS: Record<EvalStateName, { tone: Tone; kind: DotKind }> = {
  running: { tone: 'busy', kind: 'half' },
  paused: { tone: 'warn', kind: 'half' },
  failed: { tone: 'bad', kind: 'square' },
  stopped: { tone: 'mute', kind: 'ring' },
  done: { tone: 'ok', kind: 'full' },
}

export function EvalState({ state, quiet }: { state: EvalStateName; quiet?: boolean }) {
  const t = useTranslations('evals.state')
  return (
    <State {...LOOKS[state]} quiet={quiet} pulse={state === 'running'}>
      {t(state)}
    </State>
  )
}
