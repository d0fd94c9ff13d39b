/** The day on which OpenAI's deprecations page (developers.openai.com/api/docs/deprecations) was read. */
export const READ = '2026-11-22'

/** Shutdowns that OpenAI had announced there. */
export const SHIPPED = { evals: '2026-11-30', jobs: '2027-01-06', models: '2027-01-14' } as const

export const CLOSINGS = ['evals', 'jobs', 'models'] as const
