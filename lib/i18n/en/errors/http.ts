/** Errors of the HTTP server, and of the browser when the studio does not respond. */
export default {
  bodyNotJson: 'The request body is not valid JSON.',
  bodyTooLarge: 'The body has {bytes} bytes; at most {limit} are taken here.',
  crossSite: 'This request comes from another site. Limerick answers only its own pages.',
  host: 'This server does not go by that name. Use http://localhost and the port it printed.',
  internal: 'Something went wrong inside Limerick. The log has the details.',
  invalid: 'The request is not valid.',
  lengthMissing: 'The request must say its length (content-length).',
  method: 'This address does not take the method {method}.',
  methodOfPage:
    'This address does not take the method {method}. Programs ask below /v1: their base URL ends with it.',
  notOurPage:
    'A request that changes something must come from a page of Limerick. Programs use /v1 with a key.',
  notUnderstood: 'The server answered in a way this page does not understand.',
  pathNotPlain: 'The address of this request is not a path from the root, free of empty and dot segments.',
  programsOnly: 'The /v1 API is for programs with a key, not for pages in a browser.',
  sendJson: 'Send JSON, with content-type application/json.',
  silent: 'Limerick does not answer. Is it still running?',
  twoHosts: 'The request must have one Host header.',
} as const
