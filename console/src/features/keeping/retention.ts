/** The legal floor of keeping, days; the server holds it, the form says it beforehand. */
export const FLOOR_DAYS = 30;
