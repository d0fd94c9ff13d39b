/** Joins class names, dropping what is false. The last word does not win: give a class once. */
export const cn = (...classes: (string | false | null | undefined)[]) => classes.filter(Boolean).join(' ')
