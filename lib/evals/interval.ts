export * from '#lib/interval.ts'
