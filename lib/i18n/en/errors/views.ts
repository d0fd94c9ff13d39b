export default {
  nameMissing: 'Enter a name.',
  nameTaken: 'The name "{name}" is taken here. Choose another one.',
  nameTooLong: 'A name can have at most {maximum} characters.',
  none: 'Nothing is saved under this id. It may have been deleted in another tab.',
  tooMany: 'There are {most} saved views and prompts already. Delete one first.',
} as const
