/** Errors of the HTTP server, and of the browser when the studio does not respond. */
export default {
  bodyNotJson: 'The request body is not valid JSON.',
  bodyTooLarge: 'The body has {bytes} bytes; the limit is {limit}.',
  crossSite: 'This request comes from another site. Limerick answers only its own pages.',
  host: 'This server does not have that name. Use http://localhost and the port it printed.',
  internal: 'Something went wrong inside Limerick. The log has the details.',
  invalid: 'The request is not valid.',
  lengthMissing: 'The request must say its length (content-length).',
  method: 'This address does not accept the method {method}.',
  methodOfPage: 'This address does not accept the method {method}. For programs, the base URL ends with /v1.',
  notOurPage:
    'A request that changes something must come from a page of Limerick. Programs use /v1 with an API key.',
  notUnderstood: 'This page does not understand the answer of the server.',
  pathNotPlain: 'The address of this request is not a path from the root, free of empty and dot segments.',
  programsOnly: 'The /v1 API is for programs with an API key, not for pages in a browser.',
  sendJson: 'Send JSON, with content-type application/json.',
  silent: 'Limerick does not respond. Is it still running?',
  twoHosts: 'The request must have one Host header.',
} as const
