// The Chinese texts of the shell. Chinese is the source: its keys are the keys.
import frame from './frame';
import oversee from './oversee';
import rights from './rights';
import states from './states';

export default {
  frame,
  oversee,
  rights,
  states,
};
