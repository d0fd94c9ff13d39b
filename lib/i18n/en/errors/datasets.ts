export default {
  beingChanged: 'Rows of this dataset are being imported or rewritten. Wait until that is done.',
  blobChanged:
    'The file {file} in the data folder is damaged: its bytes are not the ones that were imported. Rows that were imported with it cannot be read. Put the file back from a backup, or import the rows again; everything else can be used.',
  blobMissing:
    'The file {file} in the data folder is damaged: it is missing. Rows that were imported with it cannot be read. Put the file back from a backup, or import the rows again; everything else can be used.',
  blobUnreadable:
    'The file {file} in the data folder is damaged: it cannot be read ({code}). Rows that were imported with it cannot be read. Put the file back from a backup, or import the rows again; everything else can be used.',
  changedMeanwhile: 'The dataset has changed meanwhile. Look at the change once more.',
  fileEmpty: 'The file is empty.',
  fileIncomplete: 'Only {read} of {length} bytes arrived. Send the file again.',
  fileTooLarge: 'The file is larger than 512 MB.',
  gzipDamaged: 'The gzip file is damaged or was cut short. Unpack or download it again.',
  gzipNoText: 'The gzip file holds no text: unpack it, then choose the file that is inside.',
  gzipTooLarge:
    'Unpacked, the file is larger than 512 MB. Unpack it, split it, and import the parts one after the other.',
  importCutShort: 'The connection was lost before the import was complete.',
  locked:
    'A job has used this dataset, so its rows stay on their side of the split: what one job was measured on must not be trained on by the next. To split them differently, copy the rows into another dataset.',
  none: 'This dataset does not exist, or it was deleted.',
  noRow: 'This row does not exist.',
  noRowsInFile: 'No record of the file became a row. Look at how its columns are read.',
  noRowsToSend: 'There are no rows to send.',
  notDeleted: 'This dataset is not deleted, or it is being changed. Delete it first.',
  nothingToUndo: 'There is nothing left to undo.',
  noVersion: 'This version does not exist.',
  previewTooLarge: 'A preview reads the first MB of a file.',
  rowChanged:
    'This row was changed in another window. What you wrote is still here: save it over the other text, or load that one.',
  rowDeleted: 'This row was deleted in another window.',
  tooFewExamples: 'The training rows have {found} examples to show, not {count}.',
  uploadCutShort:
    'The connection was lost before the file was stored. Send it again: the same bytes are stored once.',
  workerEnded: 'The process that checks datasets ended in the middle of its work. Try again.',

  lineBreak: 'A row is one line: it holds no line break.',
  lineTooLong: 'A line has at most 8 MB.',
  loneSurrogate: 'The text holds half a character (a lone surrogate).',
  nameMissing: 'A dataset needs a name.',
  nameNotOneLine: 'A name is one line of text.',
  nameTooLong: 'A name has at most {maximum} characters.',
  planNotJson: 'The plan is not JSON.',
} as const
