import dns from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Agent, fetch as fetchBy } from 'undici'
import { AppError } from '#lib/core/errors.ts'

/** Where a provider that was added in the studio may be: `public`, or also on this computer and in the user's network. */
export type Reach = 'public' | 'nearby'

/** Cloud metadata, link-local, multicast and reserved addresses: no provider is there, and keys of machines may be. */
const NEVER = ranges([
  ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '100.100.100.200/32', '168.63.129.16/32'],
  ...['224.0.0.0/4', '240.0.0.0/4', '::/128', 'fe80::/10', 'ff00::/8', 'fd00:ec2::/32', '64:ff9b::/96'],
])

const NEARBY = ranges([
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'],
  ...['::1/128', 'fc00::/7'],
])

function ranges(subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [address = '', prefix] = subnet.split('/')
    list.addSubnet(address, Number(prefix), familyOf(address))
  }
  return list
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** Whether a numeric address is one that a provider may have. IPv4 in IPv6 counts as IPv4. */
export function isWithin(address: string, reach: Reach): boolean {
  const family = familyOf(address)
  if (isIP(address) === 0 || NEVER.check(address, family)) return false
  return reach === 'nearby' || !NEARBY.check(address, family)
}

function expectAll(host: string, addresses: readonly string[], reach: Reach): void {
  if (addresses.every((address) => isWithin(address, reach))) return
  throw new AppError('provider_unreachable', ['providers.addressRefused', { host, reach }])
}

/**
 * Checks an address whose host is a number, which nothing looks up.
 * @throws AppError provider_unreachable
 */
export function expectWithin(address: string, reach: Reach): void {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '')
  if (isIP(host)) expectAll(host, [host], reach)
}

/** Looks a name up once, to connect to what was checked; one bad address refuses all. */
export const lookupWithin =
  (reach: Reach): LookupFunction =>
  (host, options, told) =>
    dns.lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return told(error, [])
      try {
        expectAll(
          host,
          found.map(({ address }) => address),
          reach,
        )
      } catch (refused) {
        return told(refused as Error, [])
      }
      const [first] = found
      if (options.all || !first) told(null, found)
      else told(null, first.address, first.family)
    })

const agents = new Map<Reach, Agent>()

function agentOf(reach: Reach): Agent {
  const agent = agents.get(reach) ?? new Agent({ connect: { lookup: lookupWithin(reach) } })
  agents.set(reach, agent)
  return agent
}

/** The refusal behind a failed connection. */
function refusalIn(thrown: unknown): unknown {
  for (let at = thrown; at instanceof Error; at = at.cause) if (at instanceof AppError) return at
  return thrown
}

/**
 * `fetch` that connects only to addresses within reach.
 * @throws AppError provider_unreachable for others
 */
export const fetchWithin =
  (reach: Reach): typeof fetch =>
  async (input, init) => {
    const url = input instanceof Request ? input.url : input
    try {
      const answer = await fetchBy(url, { ...(init as object), dispatcher: agentOf(reach) })
      return answer as unknown as Response
    } catch (thrown) {
      throw refusalIn(thrown)
    }
  }
