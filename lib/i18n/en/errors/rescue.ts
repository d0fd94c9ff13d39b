export default {
  builtIn: 'The built-in engine keeps its jobs on this computer: there is nothing to bring home.',
  cut: 'Only {received} of {expected} bytes arrived, so the download was not kept.',
  empty: 'Nothing of this provider is here yet.',
  notAsReceipt:
    'The file {path} in the zip file is missing or not as its receipt says. What came before it is kept; export it again.',
  notInZip: 'It was not in the zip file.',
  notOurs:
    'This is not a zip file of “Bring everything home”, or it is cut short. It has a receipts.json at its top.',
  repeats: 'The server sends the first page of this list again and again, so the rest cannot be reached.',
  silent: 'The provider stopped answering, so this was interrupted. Try again when it can be reached.',
} as const
