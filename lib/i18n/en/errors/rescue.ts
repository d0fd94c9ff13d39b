export default {
  builtIn: 'The built-in engine keeps its jobs on this computer: there is nothing to bring home.',
  cut: 'Only {received} of {expected} bytes arrived, so the download was not kept.',
  empty: 'Nothing of this provider is here yet.',
  repeats: 'The server sends the first page of this list again and again, so the rest cannot be reached.',
  silent: 'The provider stopped answering, so this was interrupted. Try again when it can be reached.',
} as const
