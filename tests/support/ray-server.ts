/** A server that behaves as the dashboard of a Ray 2.60 cluster does; its jobs are processes of this computer. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Hono } from 'hono'
import { type ProviderServer, serveProvider } from './provider-server.ts'

export const RAY_TOKEN = 'ray-canary-0123456789'

interface RayJob {
  status: 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED'
  message: string
  driver_exit_code: number | null
}

interface RayServer extends ProviderServer {
  /** What was submitted, by id. */
  jobs: Map<string, RayJob>
  submissions: { submission_id: string; entrypoint: string; runtime_env: { env_vars: object } }[]
  /** While it is true, a job waits for its start. */
  full: boolean
  /** Of a cluster with GPUs: how many it tells of. */
  gpus: number
  /** Stops the process of a job for a while. */
  suspend(id: string): void
  goOn(id: string): void
  /** As the head does when it is started anew: its jobs end, and are forgotten. */
  restart(): Promise<void>
  /** Ends the processes of its jobs. */
  close(): Promise<void>
}

const CPUS = 2

export async function startRay(): Promise<RayServer> {
  const jobs: RayServer['jobs'] = new Map()
  const submissions: RayServer['submissions'] = []
  const children = new Map<string, ChildProcess>()
  const begun = new Map<string, () => void>()
  const app = new Hono()

  app.use('*', async (c, next) => {
    if (c.req.method !== 'GET' && c.req.header('sec-fetch-mode'))
      return c.text("'POST' method not allowed for browser traffic.", 405)
    if (c.req.header('authorization') === `Bearer ${RAY_TOKEN}`) return next()
    return c.text('Unauthorized: Missing authentication token', 401)
  })
  app.get('/api/version', (c) => c.json({ version: '4', ray_version: '2.60.0' }))
  app.get('/api/v0/nodes', (c) => {
    const gpus = self.gpus > 0 ? { GPU: self.gpus, 'accelerator_type:A100': 1 } : {}
    const nodes = [{ node_id: 'a', state: 'ALIVE', resources_total: { CPU: CPUS, memory: 1e9, ...gpus } }]
    return c.json({ result: true, msg: '', data: { result: { total: 1, result: nodes } } })
  })
  app.post('/api/jobs/', async (c) => {
    const body = (await c.req.json()) as RayServer['submissions'][number]
    const id = body.submission_id
    if (jobs.has(id))
      return c.text(`Traceback …\nValueError: Job with submission_id ${id} already exists. Please use …`, 500)
    submissions.push(body)
    const job: RayJob = { status: 'PENDING', message: 'Job has not started yet.', driver_exit_code: null }
    jobs.set(id, job)
    const begin = () => {
      const child = spawn('/bin/sh', ['-c', `exec ${body.entrypoint}`], {
        env: { PATH: process.env.PATH ?? '', ...body.runtime_env.env_vars } as unknown as NodeJS.ProcessEnv,
        detached: true,
        stdio: 'ignore',
      })
      children.set(id, child)
      Object.assign(job, { status: 'RUNNING', message: 'Job is currently running.' })
      child.once('exit', (code) => {
        if (job.status !== 'RUNNING') return
        const words =
          code === 0 ? 'Job finished successfully.' : `Job entrypoint command failed with exit code ${code}`
        Object.assign(job, {
          status: code === 0 ? 'SUCCEEDED' : 'FAILED',
          message: words,
          driver_exit_code: code,
        })
      })
    }
    if (self.full) begun.set(id, begin)
    else begin()
    return c.json({ job_id: id, submission_id: id })
  })
  app.get('/api/jobs/:id', (c) => {
    const id = c.req.param('id')
    if (!self.full) {
      begun.get(id)?.()
      begun.delete(id)
    }
    const job = jobs.get(id)
    return job
      ? c.json({ ...job, submission_id: id, type: 'SUBMISSION' })
      : c.text(`Job ${id} does not exist`, 404)
  })
  app.post('/api/jobs/:id/stop', (c) => {
    const id = c.req.param('id')
    const job = jobs.get(id)
    if (!job) return c.text(`Job ${id} does not exist`, 404)
    if (job.status === 'RUNNING' || job.status === 'PENDING')
      Object.assign(job, { status: 'STOPPED', message: 'Job was intentionally stopped.' })
    begun.delete(id)
    children.get(id)?.kill('SIGKILL')
    return c.json({ stopped: true })
  })

  const end = (): Promise<unknown> =>
    Promise.all(
      [...children.values()]
        .filter((child) => child.exitCode === null && child.signalCode === null)
        .map((child) => {
          const gone = once(child, 'exit')
          child.kill('SIGKILL')
          return gone
        }),
    )
  const server = await serveProvider(app)
  const { close } = server
  const self: RayServer = Object.assign(server, {
    ...{ jobs, submissions, full: false, gpus: 0 },
    suspend: (id: string) => void children.get(id)?.kill('SIGSTOP'),
    goOn: (id: string) => void children.get(id)?.kill('SIGCONT'),
    async restart() {
      jobs.clear()
      await end()
    },
    async close() {
      await end()
      await close()
    },
  })
  return self
}
