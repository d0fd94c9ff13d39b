/** Statuses that end a job. Any other, also an unknown word, may still change. */
const TERMINAL = ['succeeded', 'failed', 'cancelled'] as const
export type EndStatus = (typeof TERMINAL)[number]

export const isTerminal = (status: string): boolean => (TERMINAL as readonly string[]).includes(status)
export const isActive = (status: string): boolean => !isTerminal(status)

/** States of a launch that no list shows. */
export const HIDDEN = ['refused', 'deleted'] as const

export const isListed = (launch: string): boolean => !(HIDDEN as readonly string[]).includes(launch)
