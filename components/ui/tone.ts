export type Tone = 'ok' | 'warn' | 'bad' | 'busy' | 'accent' | 'base' | 'mute'

/** Colour of a dot; amber is lighter here than as text. */
export const dotTone: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn-dot',
  bad: 'text-bad',
  busy: 'text-busy',
  accent: 'text-accent',
  base: 'text-base-model',
  mute: 'text-3',
}

export const softTone: Record<Tone, string> = {
  ok: 'border-transparent bg-ok-soft text-ok',
  warn: 'border-transparent bg-warn-soft text-warn',
  bad: 'border-transparent bg-bad-soft text-bad',
  busy: 'border-transparent bg-busy-soft text-busy',
  accent: 'border-transparent bg-accent-soft text-accent',
  base: 'border-transparent bg-base-soft text-base-model',
  mute: 'border-strong bg-surface text-2',
}
