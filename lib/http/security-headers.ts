import type { ServerResponse } from 'node:http'

const FIXED: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'x-frame-options': 'DENY',
}

/** CSP of a page: scripts and styles only with this response's nonce. */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/** CSP of everything but pages: nothing may run or load. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** Sets the security headers of every response, errors and files included. */
export function protect(response: ServerResponse, policy: string): void {
  for (const [name, value] of Object.entries(FIXED)) response.setHeader(name, value)
  response.setHeader('content-security-policy', policy)
}
