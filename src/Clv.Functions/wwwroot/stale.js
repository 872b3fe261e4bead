import { ago, day, node } from './format.js';
import { text } from './words.js';

// A night, and half a day to notice that the next one did not come.
const staleHours = 36;

/** A warning that scores are old, if they are. */
export const stale = (ageHours, date) => ageHours > staleHours ? node('p', 'stale', text.stale(ago(ageHours), day(date))) : '';
