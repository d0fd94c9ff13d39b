import { spawn } from 'node:child_process'

/** A user id without a name, home or group on this system. */
const STRANGER = 54_321

/** Needs root to change the user, and Linux, where a server can see the user of a connection. */
export const canBeAnotherUser = process.platform === 'linux' && process.getuid?.() === 0

/** Runs code that needs only Node modules, as another user of this computer. */
const asStranger = (source: string, ...args: string[]) =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `process.setgroups([]); process.setgid(${STRANGER}); process.setuid(${STRANGER});
      ${source}`,
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )

/** A request of another user, without the restrictions of a browser. */
export interface StrangerCall {
  /** Address to connect to. */
  to: string
  port: number
  path: string
  method?: string
  headers?: Record<string, string>
}

export interface StrangerAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

const ASK = `
  import http from 'node:http'
  const { to, port, path, method = 'GET', headers = {} } = JSON.parse(process.argv[1])
  const request = http.request(
    { host: to, port, path, method, headers: { host: 'localhost:' + port, ...headers } },
    (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (part) => (body += part)).on('end', () =>
        console.log(JSON.stringify({ status: answer.statusCode, headers: answer.headers, body })))
    },
  )
  request.end()`

/** Sends a request as another user of this computer. */
export async function askAsStranger(call: StrangerCall): Promise<StrangerAnswer> {
  let printed = ''
  for await (const part of asStranger(ASK, JSON.stringify(call)).stdout) printed += part
  return JSON.parse(printed) as StrangerAnswer
}

const PROXY = `
  import http from 'node:http'
  const server = http.createServer((near, answer) => {
    const { port, pathname, search } = new URL(near.url)
    const { method, headers } = near
    const far = http.request({ host: '127.0.0.1', port, path: pathname + search, method, headers }, (came) => {
      answer.writeHead(came.statusCode, came.headers)
      came.pipe(answer)
    })
    far.on('error', () => answer.destroy())
    answer.on('close', () => far.destroy())
    near.pipe(far)
  })
  server.listen(0, '127.0.0.1', () => console.log(String(server.address().port)))`

/** A proxy to this computer's ports, run by another user: a browser behind it is another user's browser. */
export async function proxyOfStranger(): Promise<{ address: string; stop: () => void }> {
  const child = asStranger(PROXY)
  const [printed] = await child.stdout.take(1).toArray()
  return { address: `http://127.0.0.1:${Number(printed)}`, stop: () => child.kill() }
}
