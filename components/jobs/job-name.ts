export { jobName } from '#lib/jobs/job-name.ts'
