import { locale } from './words.js';

/** A point in time, in the reader's own time zone. */
export const when = iso => new Date(iso).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
